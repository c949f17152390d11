// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QMap>

namespace danube::cli {

/// Changed files as a commit on a new branch of a repository on this machine.
struct BranchCommit
{
    QString repository;              ///< a directory in it
    QString branch;                  ///< must not exist yet
    QString base;                    ///< full id of the commit it stands on
    QMap<QString, QByteArray> files; ///< by path from the repository's root, with '/'
    QString message;
};

/// Makes it with the user's own git and identity; neither work tree nor index nor any other branch is touched. The
/// commit's id. InvalidArgument for a name that is no branch, Conflict when it exists, NotFound when the base is not in
/// the repository; Io with git's words for the rest. Blocks; 30 s at most for each of git's commands.
Result<QString> commitOnNewBranch(const BranchCommit &commit);

} // namespace danube::cli
