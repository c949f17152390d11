// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/barerepository.h"

#include <QDir>
#include <QDirIterator>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

Result<void> writeFile(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(path, file.errorString()));
    return {};
}

void removeFiles(const QString &directory, const QStringList &names, QDirIterator::IteratorFlags flags = {})
{
    QDirIterator files(directory, names, QDir::Files | QDir::Hidden, flags);
    while (files.hasNext())
        QFile::remove(files.next());
}

} // namespace

Result<void> makeBareRepository(const QString &directory)
{
    const QDir dir(directory);
    if (dir.exists(u"config"_s))
        return {};
    for (const auto &part : {u"objects"_s, u"refs"_s}) {
        if (!dir.mkpath(part))
            return fail(ErrorCode::Io, u"make directory %1"_s.arg(dir.filePath(part)));
    }
    if (auto written = writeFile(dir.filePath(u"HEAD"_s), "ref: refs/heads/main\n"); !written)
        return written;
    // Bundles are cut from the mirror by commit id, which the serving side refuses unless told.
    return writeFile(dir.filePath(u"config"_s), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
                                                "[uploadpack]\n\tallowAnySHA1InWant = true\n");
}

void removeLeftovers(const QString &directory)
{
    removeFiles(directory, {u"*.lock"_s, u"gc.pid"_s});
    removeFiles(directory + u"/refs"_s, {u"*.lock"_s}, QDirIterator::Subdirectories);
    removeFiles(directory + u"/objects/info"_s, {u"*.lock"_s}, QDirIterator::Subdirectories);
    // A .keep is the fetch's own: it holds the pack until the references name what is in it.
    removeFiles(directory + u"/objects/pack"_s, {u"tmp_*"_s, u".tmp-*"_s, u"*.lock"_s, u"*.keep"_s});
}

QList<std::pair<QString, QString>> durability()
{
    return {{u"core.fsync"_s, u"loose-object"_s}, {u"core.fsyncMethod"_s, u"batch"_s}};
}

} // namespace danube::source
