// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/kubernetes/kubernetescase.h"

#include "server/logs/logreader.h"

using namespace Qt::StringLiterals;

namespace danube::tests {

void KubernetesCase::initTestCase()
{
    m_cluster = std::make_unique<StandInProcess>(testImages(m_images.path()));
    const QString failure = m_cluster->prepare();
    QVERIFY2(failure.isEmpty(), qPrintable(failure));
}

void KubernetesCase::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_backing = std::make_unique<KubernetesBacking>(*m_cluster);
    m_backing->settings.imagePrefixes = {u"localhost/user"_s, u"localhost/no-"_s, u"localhost/scratch"_s};
    m_said = std::make_unique<ExecutorRecorder>();
    m_job = newJobId(m_clock);
    openExecutor();
}

void KubernetesCase::cleanup()
{
    m_cluster->heal();
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
    QVERIFY(!m_backing->hasLeftovers(m_job));
    closeExecutor();
    m_pending.clear();
}

void KubernetesCase::openExecutor()
{
    m_logs = std::make_unique<logs::LogService>(m_directory->path(), m_clock);
    m_executor = m_backing->open(*m_logs);
    m_said->follow(*m_executor);
    connect(m_executor.get(), &jobs::Executor::jobPending, this,
            [this](const JobId &, const QString &reason) { m_pending.append(reason); });
}

void KubernetesCase::closeExecutor()
{
    m_executor.reset();
    m_logs.reset();
    m_said->clear();
}

void KubernetesCase::launch(jobs::JobLaunch launch)
{
    bool isOpen = false;
    m_logs->open(m_job, this, [&isOpen](const Result<void> &opened) { isOpen = opened.has_value(); });
    QVERIFY(waitUntil([&isOpen] { return isOpen; }));
    launch.token = m_backing->launchOf(m_job).token.clone();
    launch.job.id = m_job;
    m_executor->launch(std::move(launch));
}

bool KubernetesCase::launchAndWait(jobs::JobLaunch launched)
{
    launch(std::move(launched));
    return waitUntil([this] { return m_said->started.contains(m_job) || m_said->lost.contains(m_job); }) &&
           !m_said->lost.contains(m_job);
}

void KubernetesCase::startStep(uint32_t number, const QString &script, const QString &image)
{
    jobs::StepLaunch step;
    step.number = StepNumber(number);
    if (!script.isEmpty())
        step.argv = {u"/bin/sh"_s, u"-c"_s, script};
    step.image = image;
    m_executor->startStep(m_job, step);
}

std::optional<StepOutcome> KubernetesCase::outcomeOf(uint32_t number)
{
    std::ignore = waitUntil([this, number] { return m_said->outcome(m_job, number).has_value(); });
    return m_said->outcome(m_job, number);
}

QByteArray KubernetesCase::output(uint32_t step) const
{
    const auto reader = logs::LogReader::open(m_directory->path(), m_job);
    if (!reader || !(*reader)->refresh())
        return {};
    const auto extract = (*reader)->extract({.step = StepNumber(step), .stream = LogStream::Stdout}, 1 << 30);
    return extract ? extract->bytes : QByteArray();
}

QString KubernetesCase::podUid() const
{
    const auto pod = m_cluster->get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job));
    return pod ? (*pod)["metadata"_L1]["uid"_L1].toString() : QString();
}

QJsonObject KubernetesCase::here(const QString &container) const
{
    return {{u"namespace"_s, jobsNamespace}, {u"name"_s, kubernetes::podNameOf(m_job)}, {u"container"_s, container}};
}

bool KubernetesCase::saidPending(const QString &words) const
{
    return std::ranges::any_of(m_pending, [&words](const QString &reason) { return reason.contains(words); });
}

} // namespace danube::tests
