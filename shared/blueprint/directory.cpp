// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/directory.h"

#include "shared/blueprint/validator.h"
#include "shared/core/readfile.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr ByteCount most = 2_MiB;

Result<void> readInto(Files &files, const QDir &root, const QString &path)
{
    return readFile(root.filePath(path), most).transform([&](const QByteArray &text) { files.insert(path, text); });
}

} // namespace

Result<Files> readDirectory(const QString &directory)
{
    const QDir root(directory);
    if (!root.exists())
        return fail(ErrorCode::NotFound, u"there is no directory '%1'"_s.arg(directory));
    Files files;
    QStringList paths = root.entryList(QDir::Files);
    for (const QString &name : QDir(root.filePath(u"pipelines"_s)).entryList(QDir::Files))
        paths.append(u"pipelines/"_s + name);
    for (const QString &path : std::as_const(paths)) {
        if (!isBlueprintFile(path))
            continue;
        if (auto read = readInto(files, root, path); !read)
            return std::unexpected(read.error());
    }
    return files;
}

} // namespace danube::blueprint
