// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/retention/retentionplan.h"

#include <QTimer>

namespace danube::retention {

/// Removes logs and artifacts whose days are over: some minutes after the start, then once a day. Rows go before files,
/// and a log says that it is removed before it is, so that a crash leaves at most files nobody can ask for; the next
/// run or sweep takes those. Control thread.
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
        int artifactsPerRun = 10'000; ///< what is more waits for the next run
    };
    RetentionService(Services services, Settings settings);

    void start();
    /// What a run at this moment would remove; removes nothing.
    void plan(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done);
    /// Now. Conflict while one is going on.
    void run(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done);

private:
    void runByItself();
    void removeRows(const RetentionPlan &plan);
    void removeLogs(qsizetype from);
    void finish(Result<void> result);

    const Services m_services;
    const Settings m_settings;
    QTimer m_timer;
    std::optional<RetentionPlan> m_running;
    std::move_only_function<void(Result<RetentionPlan>)> m_done;
};

} // namespace danube::retention
