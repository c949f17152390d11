// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QStringList>

namespace danube::source {

/// A repository's URL, checked: what git may be given.
struct Repository
{
    QString url;        ///< without password; for https also without user
    QString shown;      ///< for messages and people: no credentials at all
    QString protocol;   ///< https, ssh, file …
    QString mirrorName; ///< directory name made from the whole URL; safe for a file system
    /// Git configuration carrying the credentials of an https URL, so that they stand in no process list.
    QList<std::pair<QString, QString>> config;
};

/// Takes scheme://host/path URLs whose scheme is in `allowed`, and user@host:path when ssh is. Everything that git
/// could read as an option, a helper ("ext::…") or a local path is refused; messages hold no credentials.
Result<Repository> parseRepository(const QString &url, const QStringList &allowed);
/// "example.org", "example.org:8443": as git_authentication names it; empty for file.
QString hostOf(const Repository &repository);

/// What a person may ask for. Empty = the default branch.
struct Reference
{
    enum class Kind { Default, Commit, Name };
    Kind kind = Kind::Default;
    QString text; ///< Commit: 40 lower-case hex digits; Name: branch, tag, refs/heads/… or refs/tags/…
};
/// Follows git-check-ref-format(1), and refuses a leading '-'.
Result<Reference> parseReference(const QString &text);
/// 4 to 39 hex digits: an abbreviated commit id, which is refused unless a branch or tag is called so.
bool looksLikeShortCommit(const QString &text);
bool isCommitId(const QString &text);

} // namespace danube::source
