// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/textedit.h"
#include "shared/core/clock.h"

#include <QJsonObject>
#include <QObject>
#include <QUndoStack>

#include <optional>

namespace danube::console {

/// One file of a Blueprint while it is edited. The text is the truth: a table or form asks for edits by JSON pointer,
/// each of which becomes one replaced range of the text, so that order, indentation and unknown keys stay. Every edit
/// is a command on the undo stack; edits with the same `typing` key less than a second apart are one.
class BlueprintDocument : public QObject
{
    Q_OBJECT
public:
    /// The clock outlives the document.
    BlueprintDocument(QString path, QByteArray text, const Clock &clock, QObject *parent = nullptr);
    ~BlueprintDocument() override;

    const QString &path() const { return m_path; }
    const QByteArray &text() const { return m_text; }
    const QByteArray &savedText() const { return m_saved; } ///< of the commit that it was loaded from
    QUndoStack &undoStack() { return m_undo; }
    bool isModified() const { return m_text != m_saved; }

    bool isReadable() const { return !m_syntaxError; }
    const std::optional<blueprint::JsonSyntaxError> &syntaxError() const { return m_syntaxError; }
    const QJsonObject &object() const { return m_object; } ///< as last readable
    QJsonValue valueAt(const QString &pointer) const;      ///< Undefined when there is nothing
    QStringList listAt(const QString &pointer) const;      ///< by index; what is no text is empty

    /// What an editor shows: lines end in LF whatever the file has.
    QString plainText() const;
    void setPlainText(const QString &text, const QString &label, const QString &typing = {});
    void setText(const QByteArray &text, const QString &label, const QString &typing = {});

    // Edits by pointer, as of shared/blueprint/textedit.h; nothing happens when they fail.
    using Edit = std::function<Result<blueprint::TextEdit>(const QByteArray &text)>;
    Result<void> edit(const QString &label, const Edit &edit, const QString &typing = {});
    Result<void> edit(const QString &label, const QList<Edit> &edits); ///< one command
    Result<void> setValue(const QString &pointer, const QJsonValue &value, const QString &label,
                          const QString &typing = {});
    Result<void> removeValue(const QString &pointer, const QString &label);
    Result<void> setList(const QString &pointer, const QStringList &list, const QString &label);

    /// The branch has `saved` now: clean, unless the text has gone on since.
    void markSaved(const QByteArray &saved);
    /// Another commit's text: nothing to undo, clean.
    void load(const QByteArray &text);
    /// The branch has `saved` now, and `text` is this document's edits on top of it: one command that can be undone.
    void rebase(const QByteArray &saved, const QByteArray &text, const QString &label);

signals:
    void textChanged();
    void modifiedChanged(bool isModified);

private:
    class TextCommand;
    void push(const blueprint::TextEdit &edit, const QString &label, const QString &typing);
    void take(const QByteArray &text);
    void read();
    void tellModified();

    QString m_path;
    const Clock &m_clock;
    QByteArray m_text;
    QByteArray m_saved;
    QJsonObject m_object;
    std::optional<blueprint::JsonSyntaxError> m_syntaxError;
    bool m_toldModified = false;
    QUndoStack m_undo;
};

} // namespace danube::console
