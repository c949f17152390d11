// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QObject>

namespace danube::source {

struct ResolvedCommit
{
    QString commit; ///< 40 hex digits
    QString branch; ///< when the ref named one (or the default branch)
};

/// The master's bare mirrors, one per repository, and bundles of exact commits made from them, by the git program
/// (hardened: no option injection, GIT_ALLOW_PROTOCOL, no prompts, no hooks, time limit). Control thread; git runs in
/// child processes, a bounded number at once. No forge credential ever leaves this service.
class SourceService : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    struct Settings
    {
        QString directory;                                                            ///< mirrors and bundles live here
        QStringList allowedProtocols{QStringLiteral("https"), QStringLiteral("ssh")}; ///< "file" only when configured
        int depth = 50;                                                               ///< commits in a bundle
        milliseconds timeout{120'000};                                                ///< per git command
    };
    explicit SourceService(Settings settings);
    ~SourceService() override;

    /// Fetches the mirror and resolves branch, tag or commit; empty ref = the remote's default branch.
    void resolve(const QString &repository, const QString &ref, QObject *context, Done<ResolvedCommit> done);
    /// Path of a bundle whose ref HEAD is `commit`, with history by Settings::depth; made once, kept until drop().
    void bundle(const QString &repository, const QString &commit, QObject *context, Done<QString> done);

private:
    Settings m_settings;
};

} // namespace danube::source
