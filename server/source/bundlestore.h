// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/mirror.h"

namespace danube::source {

/// Bundles of exact commits, made once and kept for a while.
class BundleStore : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<QString>)>;

    /// Removes what a former master left.
    BundleStore(const SourceService::Settings &settings, git::Runner &runner);

    /// The bundle's path; callers for the same commit share one making.
    void make(Mirror &mirror, const QString &commit, Done done);
    /// Removes bundles by age and total size, oldest first; one asked for in the last minute always stays.
    void prune();

private:
    struct Making
    {
        Mirror *mirror;
        QString commit;
        QString work; ///< temporary bare repository
        std::vector<Done> waiting;
        bool isSecondTry = false; ///< from a mirror that was made anew
    };
    git::Command commandFor(const Making &making, const QStringList &arguments) const;
    void ensure(const QString &path);
    void refused(const QString &path, const Error &error);
    void cut(const QString &path);
    void nameBoundary(const QString &path);
    void pack(const QString &path);
    void publish(const QString &path);
    void end(const QString &path, Result<QString> result);
    /// Runs a step of a making; a failed one ends it.
    void run(const QString &path, const git::Command &command, std::move_only_function<void()> then);

    SourceService::Settings m_settings;
    git::Runner &m_git;
    std::map<QString, Making> m_making; ///< by final path
};

} // namespace danube::source
