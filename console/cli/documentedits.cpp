// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/documentedits.h"

#include "shared/blueprint/textedit.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

using Pair = std::pair<QString, QString>;

// RFC 6901 allows '=' in keys; no field of a Blueprint has one.
Result<Pair> pairOf(const QString &option, const QString &text)
{
    const auto equals = text.indexOf(u'=');
    if (!text.startsWith(u'/') || equals < 0)
        return fail(ErrorCode::InvalidArgument,
                    u"--%1 '%2': expected a pointer and a value, such as /spec/%3"_s.arg(
                        option, text, option == u"add"_s ? u"egress_allowlist=host"_s : u"priority=5"_s));
    return Pair(text.left(equals), text.sliced(equals + 1));
}

QJsonValue valueOf(const QString &text)
{
    const auto document = QJsonDocument::fromJson('[' + text.toUtf8() + ']');
    return document.isArray() && document.array().size() == 1 ? document.array().first() : QJsonValue(text);
}

} // namespace

Result<DocumentEdits> DocumentEdits::from(const Options &options)
{
    DocumentEdits edits;
    edits.removals = options.values.value(u"remove"_s);
    for (const QString &pointer : std::as_const(edits.removals)) {
        if (!pointer.startsWith(u'/'))
            return fail(ErrorCode::InvalidArgument,
                        u"--remove '%1': expected a pointer such as /spec/priority"_s.arg(pointer));
    }
    for (const QString &text : options.values.value(u"set"_s)) {
        const auto pair = pairOf(u"set"_s, text);
        if (!pair)
            return std::unexpected(pair.error());
        edits.values.append({pair->first, valueOf(pair->second)});
    }
    for (const QString &text : options.values.value(u"add"_s)) {
        auto pair = pairOf(u"add"_s, text);
        if (!pair)
            return std::unexpected(pair.error());
        edits.entries.append(std::move(*pair));
    }
    return edits;
}

Result<QByteArray> DocumentEdits::applyTo(QByteArray text) const
{
    const auto take = [&text](const Result<blueprint::TextEdit> &edit) -> Result<void> {
        if (!edit)
            return std::unexpected(edit.error());
        text = blueprint::apply(text, *edit);
        return {};
    };
    for (const QString &pointer : removals) {
        if (auto done = take(blueprint::removeValue(text, pointer)); !done)
            return std::unexpected(done.error().in(u"--remove "_s + pointer));
    }
    for (const auto &[pointer, value] : values) {
        if (auto done = take(blueprint::setValue(text, pointer, value)); !done)
            return std::unexpected(done.error().in(u"--set "_s + pointer));
    }
    for (const auto &[pointer, entry] : entries) {
        if (auto done = take(blueprint::addToList(text, pointer, entry)); !done)
            return std::unexpected(done.error().in(u"--add "_s + pointer));
    }
    return text;
}

} // namespace danube::cli
