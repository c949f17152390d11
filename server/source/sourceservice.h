// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/git/gitrunner.h"

#include <QObject>

namespace danube::source {

class Mirror;
class BundleStore;
struct Repository;

struct ResolvedCommit
{
    QString commit; ///< 40 hex digits
    QString branch; ///< when the ref named one (or the default branch)
    bool operator==(const ResolvedCommit &) const = default;
};

/// Finds what lets git in at a repository's host. `done` comes later, not from inside the call, and not at all once
/// `context` is gone.
using AccessTo = std::function<void(const Repository &repository, QObject *context,
                                    std::move_only_function<void(Result<git::Access>)> done)>;

/// The master's bare mirrors, one per repository, and bundles of exact commits made from them, by the git program
/// (hardened: no option injection, GIT_ALLOW_PROTOCOL, no prompts, no hooks, time limit). Control thread; git runs in
/// child processes, a bounded number at once. No forge credential ever leaves this service, nor stands in its errors.
/// Callbacks never come from inside the call, and not at all once `context` is gone.
class SourceService : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    struct Settings
    {
        QString directory;                                                            ///< mirrors and bundles live here
        QStringList allowedProtocols{QStringLiteral("https"), QStringLiteral("ssh")}; ///< "file" only when configured
        int depth = 50; ///< commits in a bundle; 0 = whole history
        /// Asked before each contact; none = only what the repository's URL brings.
        AccessTo access{};
        milliseconds timeout{120'000};        ///< per git command
        seconds bundleAge{86'400};            ///< a bundle nobody asked for in this time is removed
        qint64 bundleBytes = qint64(4) << 30; ///< of all bundles together; the oldest go first
    };
    explicit SourceService(Settings settings);
    ~SourceService() override;

    /// Fetches the mirror and resolves branch, tag or full commit id; empty ref = the remote's default branch.
    /// InvalidArgument for URLs and refs that are refused unseen, NotFound, Unavailable, Timeout, ResourceExhausted.
    virtual void resolve(const QString &repository, const QString &ref, QObject *context, Done<ResolvedCommit> done);
    /// Path of a git bundle whose ref HEAD is `commit`, with history by Settings::depth. Where that cuts history off,
    /// the oldest commits are also named refs/danube/shallow/<id>: written to .git/shallow they make the clone whole.
    /// Made once per commit while this service lives; removed some time after the last call that asked for it, so open
    /// the file at once.
    virtual void bundle(const QString &repository, const QString &commit, QObject *context, Done<QString> done);

private:
    Result<Mirror *> mirrorOf(const QString &repository);

    Settings m_settings;
    git::Runner m_git;
    std::map<QString, std::unique_ptr<Mirror>> m_mirrors; ///< by Repository::mirrorName
    std::unique_ptr<BundleStore> m_bundles;
};

} // namespace danube::source
