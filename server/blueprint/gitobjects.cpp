// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/gitobjects.h"

#include "server/source/repository.h"
#include "shared/blueprint/validator.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr auto regularModes = {"100644"_L1, "100755"_L1, "100664"_L1};

struct RawEntry
{
    QString mode;
    QString type;
    TreeEntry entry;
};

std::optional<RawEntry> parseLine(const QByteArray &line)
{
    const auto tab = line.indexOf('\t');
    const auto words = QString::fromLatin1(line.first(std::max<qsizetype>(tab, 0))).split(u' ', Qt::SkipEmptyParts);
    if (words.size() != 4 || !source::isCommitId(words[2]))
        return std::nullopt;
    bool isNumber = true;
    const qint64 size = words[3] == "-"_L1 ? 0 : words[3].toLongLong(&isNumber); // what is no blob has none
    if (!isNumber || size < 0)
        return std::nullopt;
    return RawEntry{words[0], words[1], {words[2], QString::fromUtf8(line.sliced(tab + 1)), size}};
}

Finding refusal(const QString &file, const QString &message, const QString &fix)
{
    return {file, {}, {}, Severity::Error, message, fix};
}

std::optional<Finding> whyNot(const RawEntry &raw, const ReadLimits &limits)
{
    const QString &path = raw.entry.path;
    if (raw.mode == "120000"_L1)
        return refusal(path, u"a symbolic link is not followed"_s, u"replace it by the file"_s);
    if (raw.mode == "160000"_L1)
        return refusal(path, u"a submodule is not followed"_s, u"replace it by the files"_s);
    if (std::ranges::find(regularModes, raw.mode) == regularModes.end())
        return refusal(path, u"mode %1 is no file's"_s.arg(raw.mode.left(20)), {});
    if (raw.entry.size > limits.fileBytes)
        return refusal(path, u"the file has %1 bytes, more than %2"_s.arg(raw.entry.size).arg(limits.fileBytes), {});
    return std::nullopt;
}

QString nameForGit(const QString &text, const QString &fallback)
{
    QString clean = text;
    clean.removeIf([](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f || c == u'<' || c == u'>'; });
    clean = clean.trimmed().left(200);
    return clean.isEmpty() ? fallback : clean;
}

QByteArray personLine(const char *what, const Author &author, qint64 seconds)
{
    const auto person = cleaned(author);
    return QByteArray(what) + ' ' + person.name.toUtf8() + " <" + person.email.toUtf8() + "> " +
           QByteArray::number(seconds) + " +0000\n";
}

QByteArray data(const QByteArray &bytes)
{
    return "data " + QByteArray::number(bytes.size()) + '\n' + bytes + '\n';
}

QByteArray quotedPath(const QString &path)
{
    QByteArray quoted = "\"";
    for (const char c : path.toUtf8()) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c == '\n' ? QByteArray("\\n") : QByteArray(1, c);
    }
    return quoted + '"';
}

} // namespace

std::optional<Finding> whyTooMuch(qsizetype files, qint64 bytes, const ReadLimits &limits)
{
    if (files <= limits.files && bytes <= limits.totalBytes)
        return std::nullopt;
    return refusal(
        {}, u"more than %1 files or %2 MiB are no configuration"_s.arg(limits.files).arg(limits.totalBytes >> 20), {});
}

Result<TreeListing> parseTree(const QByteArray &output, const QString &root, const ReadLimits &limits)
{
    TreeListing listing;
    const auto prefix = root.isEmpty() ? QString() : root + u'/';
    qint64 total = 0;
    for (const QByteArray &line : output.split('\0')) {
        if (line.isEmpty())
            continue;
        auto raw = parseLine(line);
        if (!raw || !raw->entry.path.startsWith(prefix))
            return fail(ErrorCode::Protocol, u"git listed a tree in an unknown form"_s);
        raw->entry.path = raw->entry.path.sliced(prefix.size());
        const bool isFolder = raw->type == "tree"_L1;
        if (isFolder || (raw->entry.path != "pipelines"_L1 && !isBlueprintFile(raw->entry.path)))
            continue;
        if (const auto refused = whyNot(*raw, limits)) {
            listing.findings.append(*refused);
            continue;
        }
        total += raw->entry.size;
        listing.entries.append(raw->entry);
        if (const auto refused = whyTooMuch(listing.entries.size(), total, limits)) {
            listing.findings.append(*refused);
            return listing;
        }
    }
    return listing;
}

Result<QByteArrayList> parseBatch(const QByteArray &output, std::span<const TreeEntry> entries)
{
    QByteArrayList contents;
    qsizetype at = 0;
    for (const TreeEntry &entry : entries) {
        const auto end = output.indexOf('\n', at);
        const auto expected = u"%1 blob %2"_s.arg(entry.object).arg(entry.size).toLatin1();
        const bool isThere = end >= 0 && output.sliced(at, end - at) == expected &&
                             output.size() > end + 1 + entry.size && output[end + 1 + entry.size] == '\n';
        if (!isThere)
            return fail(ErrorCode::Protocol, u"git did not print %1"_s.arg(entry.path));
        contents.append(output.sliced(end + 1, entry.size));
        at = end + 1 + entry.size + 1;
    }
    return contents;
}

Author cleaned(const Author &author)
{
    return {nameForGit(author.name, u"unknown"_s), nameForGit(author.email, u"unknown@localhost"_s)};
}

QByteArray toFastImport(const NewCommit &commit)
{
    QByteArray stream = "commit " + commit.ref.toUtf8() + "\nmark :1\n";
    stream += personLine("author", commit.author, commit.seconds);
    stream += personLine("committer", commit.committer, commit.seconds);
    stream += data(commit.message.toUtf8());
    stream += "from " + commit.parent.toLatin1() + '\n';
    for (const FileChange &change : commit.changes) {
        if (change.bytes)
            stream += "M 100644 inline " + quotedPath(change.path) + '\n' + data(*change.bytes);
        else
            stream += "D " + quotedPath(change.path) + '\n';
    }
    return stream + "\nget-mark :1\ndone\n";
}

} // namespace danube::blueprint
