// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/blueprintfiles.h"

#include "shared/blueprint/validator.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr qint64 maxBytes = 2 << 20;

Result<void> readInto(blueprint::Files &files, const QDir &root, const QString &path)
{
    QFile file(root.filePath(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read %1: %2"_s.arg(file.fileName(), file.errorString()));
    files.insert(path, file.read(maxBytes));
    return {};
}

} // namespace

Result<blueprint::Files> readBlueprint(const QString &directory)
{
    const QDir root(directory);
    if (!root.exists())
        return fail(ErrorCode::NotFound, u"there is no directory '%1'"_s.arg(directory));
    blueprint::Files files;
    QStringList paths = root.entryList(QDir::Files);
    for (const QString &name : QDir(root.filePath(u"pipelines"_s)).entryList(QDir::Files))
        paths.append(u"pipelines/"_s + name);
    for (const QString &path : paths) {
        if (!blueprint::isBlueprintFile(path))
            continue;
        if (auto read = readInto(files, root, path); !read)
            return std::unexpected(read.error());
    }
    return files;
}

QJsonObject changesTo(const blueprint::Files &present, const blueprint::Files &wanted)
{
    QJsonObject changes;
    for (const auto &[path, text] : wanted.asKeyValueRange()) {
        if (!present.contains(path) || present[path] != text)
            changes.insert(path, QString::fromUtf8(text));
    }
    for (const QString &path : present.keys()) {
        if (!wanted.contains(path))
            changes.insert(path, QJsonValue());
    }
    return changes;
}

} // namespace danube::cli
