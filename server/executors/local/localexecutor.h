// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/executors/local/localjob.h"

#include <QThreadPool>

namespace danube::local {

/// The embedded default: jobs as processes of this machine, through the same agent, link and spool as on a cluster.
/// Contract: server/jobs/executor.h.
class LocalExecutor final : public jobs::Executor
{
    Q_OBJECT
public:
    LocalExecutor(LocalSettings settings, logs::LogService &logs, const auth::Keyring &keyring);
    ~LocalExecutor() override;

    void launch(jobs::JobLaunch launch) override;
    void startStep(const JobId &job, const jobs::StepLaunch &step) override;
    void killStep(const JobId &job, StepNumber step, jobs::KillReason reason) override;
    void release(const JobId &job) override;
    void sweep(const QSet<JobId> &known) override;
    void detach() override;

private:
    void removeInBackground(const JobId &job);
    void loseSoon(const JobId &job, const QString &reason);
    void settled(std::function<void()> tell);
    LocalSettings m_settings;
    logs::LogService &m_logs;
    const auth::Keyring &m_keyring;
    QHash<JobId, LocalJob *> m_jobs; ///< they live on the io thread: reached by queued calls only
    QThreadPool m_pool;              ///< deletes folders
};

} // namespace danube::local
