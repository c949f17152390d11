// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/executors/local/localsettings.h"
#include "tests/contract/executor/executorbacking.h"

#include <QDir>
#include <QTemporaryDir>

namespace danube::tests {

/// The local executor over real agents in a temporary directory; with or without danube-sandbox around them.
class LocalBacking final : public ExecutorBacking
{
public:
    enum class Guarding { None, Sandbox };
    explicit LocalBacking(Guarding guarding);

    std::unique_ptr<jobs::Executor> open(logs::LogService &logs) override;
    jobs::JobLaunch launchOf(const JobId &job) override;
    void endCoordinator(const JobId &job, int code) override;
    int coordinatorStarts(const JobId &job) override;
    void destroyContainers(const JobId &job) override;
    bool hasLeftovers(const JobId &job) override { return QDir(jobDirectory(job)).exists(); }

    QString jobDirectory(const JobId &job) const { return m_directory.path() + QStringLiteral("/jobs/") + job.value(); }

private:
    local::SandboxSettings sandbox() const;
    QString home(const JobId &job) const { return jobDirectory(job) + QStringLiteral("/home"); }

    Guarding m_guarding;
    QTemporaryDir m_directory;
    auth::Keyring m_keyring = auth::Keyring::fromKey(Secret(QByteArray(32, 'k')));
};

} // namespace danube::tests
