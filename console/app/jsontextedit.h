// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/blueprintdocument.h"

#include <QPlainTextEdit>
#include <QPointer>

namespace danube::console {

class JsonHighlighter;

/// A document's text, edited in place. Undo and redo are the document's own: what the form did is undone here, too.
class JsonTextEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit JsonTextEdit(const ThemeColors &colors, QWidget *parent = nullptr);

    void setDocument(BlueprintDocument *document); ///< null: empty and read-only
    /// Selects what the pointer names, or its line when it is not there.
    void showPointer(const QString &pointer, const blueprint::TextPosition &fallback);
    /// Underlines places.
    void setMarks(const QList<std::pair<QString, QColor>> &pointers);
    void setColors(const ThemeColors &colors);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void take();           ///< from the document
    void give();           ///< to it
    QString shown() const; ///< exactly: no character exchanged for another
    bool canShow() const;

    QPointer<BlueprintDocument> m_document;
    JsonHighlighter *m_highlighter;
    bool m_syncing = false;
};

} // namespace danube::console
