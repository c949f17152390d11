// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logservice.h"
#include "tests/contract/executor/executorrecorder.h"
#include "tests/contract/executor/kubernetes/kubernetesbacking.h"

#include <QDeadlineTimer>
#include <QTemporaryDir>
#include <QTest>

namespace danube::tests {

inline constexpr auto toolImage =
    QLatin1StringView("localhost/user:tool"); ///< below an allowed prefix, declared by nobody

/// Half a minute for it to become true.
inline bool waitUntil(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, QDeadlineTimer(seconds(30)));
}

/// A stand-in cluster for all tests of a class, and for each one an executor and a job that it may launch.
class KubernetesCase : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup(); ///< nothing of the job may be left

protected:
    void openExecutor();
    void closeExecutor(); ///< as a killed master does: without a word
    void launch(jobs::JobLaunch launch = {});
    bool launchAndWait(jobs::JobLaunch launch = {}); ///< false = it was lost
    void startStep(uint32_t number, const QString &script, const QString &image = {});
    std::optional<StepOutcome> outcomeOf(uint32_t number);
    QByteArray output(uint32_t step) const;
    QString podUid() const;                                ///< empty = there is no pod
    QJsonObject here(const QString &container = {}) const; ///< the job's pod, as an action's target
    bool saidPending(const QString &words) const;

    QTemporaryDir m_images;
    std::unique_ptr<StandInProcess> m_cluster;
    std::unique_ptr<QTemporaryDir> m_directory;
    SystemClock m_clock;
    std::unique_ptr<KubernetesBacking> m_backing;
    std::unique_ptr<ExecutorRecorder> m_said;
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<jobs::Executor> m_executor;
    QStringList m_pending;
    JobId m_job;
};

} // namespace danube::tests
