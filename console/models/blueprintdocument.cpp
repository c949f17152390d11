// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/blueprintdocument.h"

#include "console/models/textdifference.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUndoCommand>

namespace danube::console {

using blueprint::TextEdit;

namespace {

constexpr seconds typingPause{1};
constexpr int typingId = 1;
constexpr int maxUndo = 10'000;

TextEdit inverseOf(const TextEdit &edit, const QByteArray &before)
{
    return {edit.offset, edit.replacement.size(), before.sliced(edit.offset, edit.length)};
}

} // namespace

class BlueprintDocument::TextCommand : public QUndoCommand
{
public:
    TextCommand(BlueprintDocument &document, const TextEdit &edit, const QString &label, QString typing)
        : QUndoCommand(label),
          m_document(document),
          m_edit(edit),
          m_inverse(inverseOf(edit, document.text())),
          m_typing(std::move(typing)),
          m_at(document.m_clock.steady())
    {}

    void redo() override { m_document.take(apply(m_document.text(), m_edit)); }
    void undo() override { m_document.take(apply(m_document.text(), m_inverse)); }
    int id() const override { return m_typing.isEmpty() ? -1 : typingId; }

    bool mergeWith(const QUndoCommand *other) override
    {
        const auto &next = static_cast<const TextCommand &>(*other);
        if (next.m_typing != m_typing || next.m_at - m_at >= typingPause)
            return false;
        // The document has the newest text: both edits together are the difference to the oldest.
        const QByteArray after = m_document.text();
        const QByteArray before = apply(apply(after, next.m_inverse), m_inverse);
        m_edit = editBetween(before, after);
        m_inverse = inverseOf(m_edit, before);
        m_at = next.m_at;
        setObsolete(before == after);
        return true;
    }

private:
    BlueprintDocument &m_document;
    TextEdit m_edit;
    TextEdit m_inverse;
    QString m_typing;
    SteadyTime m_at;
};

BlueprintDocument::BlueprintDocument(QString path, QByteArray text, const Clock &clock, QObject *parent)
    : QObject(parent), m_path(std::move(path)), m_clock(clock), m_text(std::move(text)), m_saved(m_text)
{
    m_undo.setUndoLimit(maxUndo);
    read();
}

BlueprintDocument::~BlueprintDocument() = default;

void BlueprintDocument::take(const QByteArray &text)
{
    m_text = text;
    read();
    emit textChanged();
    tellModified();
}

void BlueprintDocument::tellModified()
{
    if (isModified() == m_toldModified)
        return;
    m_toldModified = isModified();
    emit modifiedChanged(m_toldModified);
}

void BlueprintDocument::read()
{
    const auto json = blueprint::JsonPositions::scan(m_text);
    if (!json) {
        m_syntaxError = json.error();
        return;
    }
    m_syntaxError.reset();
    m_object = QJsonDocument::fromJson(m_text).object();
}

QJsonValue BlueprintDocument::valueAt(const QString &pointer) const
{
    QJsonValue value = m_object;
    for (const QString &token : blueprint::tokensOf(pointer).value_or(QStringList()))
        value = value.isArray() ? value.toArray().at(token.toLongLong()) : value.toObject().value(token);
    return value;
}

QStringList BlueprintDocument::listAt(const QString &pointer) const
{
    QStringList list;
    for (const QJsonValue item : valueAt(pointer).toArray())
        list.append(item.toString());
    return list;
}

QString BlueprintDocument::plainText() const
{
    return QString::fromUtf8(m_text).replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
}

void BlueprintDocument::setPlainText(const QString &text, const QString &label, const QString &typing)
{
    if (!m_text.contains("\r\n"))
        return setText(text.toUtf8(), label, typing);
    // Only what was changed gets the file's line ends; the rest keeps its own, mixed or not.
    const QString shown = plainText();
    const TextChange change = changeBetween(shown, text);
    const auto offsetOf = [this, &shown](qsizetype position) {
        qsizetype left = shown.first(position).toUtf8().size();
        qsizetype offset = 0;
        for (; left > 0; --left, ++offset) {
            if (QByteArrayView(m_text).sliced(offset).startsWith("\r\n"))
                ++offset;
        }
        return offset;
    };
    const qsizetype begin = offsetOf(change.position);
    const qsizetype end = offsetOf(change.position + change.length);
    QByteArray inserted = change.replacement.toUtf8();
    inserted.replace("\n", "\r\n");
    push({begin, end - begin, inserted}, label, typing);
}

void BlueprintDocument::setText(const QByteArray &text, const QString &label, const QString &typing)
{
    push(editBetween(m_text, text), label, typing);
}

void BlueprintDocument::push(const TextEdit &edit, const QString &label, const QString &typing)
{
    if (edit.length == 0 && edit.replacement.isEmpty())
        return;
    m_undo.push(new TextCommand(*this, edit, label, typing));
}

Result<void> BlueprintDocument::edit(const QString &label, const Edit &edit, const QString &typing)
{
    const auto made = edit(m_text);
    if (!made)
        return std::unexpected(made.error());
    push(*made, label, typing);
    return {};
}

Result<void> BlueprintDocument::edit(const QString &label, const QList<Edit> &edits)
{
    QByteArray text = m_text;
    for (const Edit &edit : edits) {
        const auto made = edit(text);
        if (!made)
            return std::unexpected(made.error());
        text = apply(text, *made);
    }
    setText(text, label);
    return {};
}

Result<void> BlueprintDocument::setValue(const QString &pointer, const QJsonValue &value, const QString &label,
                                         const QString &typing)
{
    if (isReadable() && valueAt(pointer) == value)
        return {};
    return edit(label, [&](const QByteArray &text) { return blueprint::setValue(text, pointer, value); }, typing);
}

Result<void> BlueprintDocument::removeValue(const QString &pointer, const QString &label)
{
    return edit(label, [&](const QByteArray &text) { return blueprint::removeValue(text, pointer); });
}

Result<void> BlueprintDocument::setList(const QString &pointer, const QStringList &list, const QString &label)
{
    const auto wanted = QJsonArray::fromStringList(list);
    const QJsonArray present = valueAt(pointer).toArray();
    QList<Edit> edits;
    const qsizetype both = std::min(present.size(), wanted.size());
    for (qsizetype i = 0; i < both; ++i) {
        if (present[i] != wanted[i])
            edits.append([=](const QByteArray &text) {
                return blueprint::setValue(text, blueprint::childPointer(pointer, i), wanted[i]);
            });
    }
    for (qsizetype i = present.size() - 1; i >= both; --i)
        edits.append(
            [=](const QByteArray &text) { return blueprint::removeValue(text, blueprint::childPointer(pointer, i)); });
    for (qsizetype i = both; i < wanted.size(); ++i)
        edits.append([=](const QByteArray &text) {
            return blueprint::setValue(text, blueprint::childPointer(pointer, QStringLiteral("-")), wanted[i]);
        });
    return edit(label, edits);
}

void BlueprintDocument::markSaved(const QByteArray &saved)
{
    m_saved = saved;
    if (isModified())
        m_undo.resetClean();
    else
        m_undo.setClean();
    tellModified();
}

void BlueprintDocument::load(const QByteArray &text)
{
    m_undo.clear();
    m_saved = text;
    take(text);
}

void BlueprintDocument::rebase(const QByteArray &saved, const QByteArray &text, const QString &label)
{
    m_saved = saved;
    m_undo.resetClean();
    setText(text, label);
    tellModified();
}

} // namespace danube::console
