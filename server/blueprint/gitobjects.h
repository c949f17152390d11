// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/result.h"

namespace danube::blueprint {

/// What may be read from a repository that anybody with a commit right has written.
struct ReadLimits
{
    qsizetype files = 5'000;
    qint64 fileBytes = 1 << 20;
    qint64 totalBytes = qint64(8) << 20;
};

struct TreeEntry
{
    QString object; ///< the blob's id
    QString path;   ///< below the Blueprint's root
    qint64 size = 0;
    bool operator==(const TreeEntry &) const = default;
};

/// The Blueprint's files in a tree, and why others cannot be read. With errors nothing should be read.
struct TreeListing
{
    QList<TreeEntry> entries;
    QList<Finding> findings; ///< symbolic links, submodules, too large, too many
};

/// Whether a Blueprint of so many files and bytes is read at all.
std::optional<Finding> whyTooMuch(qsizetype files, qint64 bytes, const ReadLimits &limits);

/// From `ls-tree -z -l` (mode type object size TAB path NUL) of the Blueprint's files below `root`. Pure.
Result<TreeListing> parseTree(const QByteArray &output, const QString &root, const ReadLimits &limits);

/// From `cat-file --batch` (object type size LF content LF, in the order asked): the contents of `entries`. Protocol
/// when it is anything else. Pure.
Result<QByteArrayList> parseBatch(const QByteArray &output, std::span<const TreeEntry> entries);

struct Author
{
    QString name;
    QString email;
};
struct FileChange
{
    QString path;                    ///< below the repository's root
    std::optional<QByteArray> bytes; ///< nullopt: the file goes
};
struct NewCommit
{
    QString ref;    ///< gets the commit
    QString parent; ///< 40 hex digits
    Author author;
    Author committer;
    qint64 seconds = 0; ///< since the epoch
    QString message;
    QList<FileChange> changes;
};
/// A commit as git-fast-import(1) reads it: no work tree, no index, no argument that could be an option. It prints the
/// commit's id. Names lose what would end them (<, >, control characters).
QByteArray toFastImport(const NewCommit &commit);
/// The person as toFastImport() writes them.
Author cleaned(const Author &author);

} // namespace danube::blueprint
