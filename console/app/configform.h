// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/configform.h"

#include <QPointer>
#include <QScrollArea>

class QLabel;
class QVBoxLayout;

namespace danube::console {

/// A document's fields, made from its schema. Every change is an edit of the document at once; every edit of the
/// document, from wherever, is shown. While the text is no JSON the fields are disabled and keep what they showed.
class ConfigForm : public QScrollArea
{
    Q_OBJECT
public:
    explicit ConfigForm(QWidget *parent = nullptr);

    void setDocument(BlueprintDocument *document);
    QWidget *editorOf(const QString &pointer) const; ///< null when the form has no such field
    bool focusField(const QString &pointer);         ///< the field, or the one that holds it
    QString disabledText() const;                    ///< why nothing can be filled in; empty when it can
    QString unknownText() const;

signals:
    void problem(const QString &text);
    void textWanted(const QString &pointer); ///< what can only be edited as text

private:
    struct Row
    {
        FormField field;
        QWidget *editor;
    };
    void rebuild();
    QWidget *makeEditor(const FormField &field);
    QWidget *makeChoice(const FormField &field);
    QWidget *makeNumber(const FormField &field);
    QWidget *makeTexts(const FormField &field);
    QWidget *makeLink(const FormField &field);
    void refresh();
    void store(const FormField &field, const QString &text);

    QPointer<BlueprintDocument> m_document;
    std::optional<blueprint::DocumentKind> m_kind;
    QList<Row> m_rows;
    QLabel *m_disabled;
    QLabel *m_unknown;
    QWidget *m_fields = nullptr;
    QVBoxLayout *m_layout;
    bool m_refreshing = false;
};

} // namespace danube::console
