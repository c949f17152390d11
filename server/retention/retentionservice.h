// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/retention/retentionplan.h"

#include <QTimer>

namespace danube::retention {

/// Removes logs and artifacts whose days are over: some minutes after the start, then once a day. Rows go before files,
/// and a log says that it is removed before it is, so that a crash leaves at most files nobody can ask for; the next
/// start or sweep takes those. A run of its own is left out when the clock was set by more than `largestJump` since the
/// one before (or the start): what a wrong clock removes would not come back. By the next run it was right, or was
/// mended. Control thread.
class RetentionService : public QObject
{
    Q_OBJECT
public:
    struct Services
    {
        const Clock &clock;
        store::RetentionStore &store;
        logs::LogKeeper &keeper;
        artifacts::ArtifactStore &artifacts;
        std::function<blueprint::Retention()> rules; ///< in force when asked
    };
    struct Settings
    {
        milliseconds firstRun{600'000};
        milliseconds interval{86'400'000};
        milliseconds largestJump{3'600'000};
        int artifactsPerRun = 10'000;   ///< what is more goes with the next run,
        milliseconds soonAgain{60'000}; ///< which is then so soon
        /// Time that passed, also while the machine slept.
        std::function<milliseconds()> passed = sinceBoot;
        static milliseconds sinceBoot();
    };
    RetentionService(Services services, Settings settings);

    void start();
    /// What a run at this moment would remove; removes nothing.
    void plan(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done);
    /// Now. Conflict while one is going on.
    void run(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done);

signals:
    /// A run of its own was left out, as the clock was set by so much.
    void postponed(std::chrono::milliseconds jump);

private:
    void runByItself();
    milliseconds jumpSinceLast();
    void removeRows(const RetentionPlan &plan);
    void removeLogs(qsizetype from);
    void finish(Result<void> result);

    const Services m_services;
    const Settings m_settings;
    QTimer m_timer;
    WallTime m_lastWall = {};
    milliseconds m_lastPassed = {};
    std::optional<RetentionPlan> m_running;
    Result<void> m_rowsRemoved;
    std::move_only_function<void(Result<RetentionPlan>)> m_done;
};

} // namespace danube::retention
