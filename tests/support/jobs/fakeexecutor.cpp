// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/fakeexecutor.h"

#include "server/logs/logservice.h"

#include <QCoreApplication>
#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

// On the io thread: what the log lacks of a stream, then durable.
void append(logs::LogWriter &writer, StepNumber step, LogStream stream, uint64_t known, const QByteArray &all)
{
    const auto appended =
        writer.append(step, stream, known, QByteArrayView(all).sliced(static_cast<qsizetype>(known)), WallTime{});
    if (!appended)
        qWarning("fake executor: %s", qPrintable(appended.error().message));
}

} // namespace

FakeExecutor::FakeExecutor(FakeCluster &cluster, logs::LogService &logs)
    : m_cluster(cluster), m_logs(logs), m_io(new QObject)
{
    m_io->moveToThread(logs.ioThread());
    connect(&m_cluster, &FakeCluster::stepChanged, this, &FakeExecutor::report);
    connect(&m_cluster, &FakeCluster::coordinatorChanged, this, [this](const JobId &job) {
        if (m_attached.contains(job))
            later(faults.reportDelay, [this, job] {
                if (const auto *containers = m_cluster.find(job); containers && containers->coordinator)
                    emit coordinatorExited(job, *containers->coordinator);
            });
    });
    connect(&m_cluster, &FakeCluster::destroyed, this, [this](const JobId &job, const QString &reason) {
        if (m_attached.contains(job))
            later(faults.reportDelay, [this, job, reason] { emit jobLost(job, reason); });
    });
}

FakeExecutor::~FakeExecutor()
{
    m_io->deleteLater();
}

template <class Emit> void FakeExecutor::later(milliseconds delay, Emit emitSignal)
{
    QTimer::singleShot(delay, this, emitSignal);
    if (faults.repeatSignals)
        QTimer::singleShot(delay, this, emitSignal);
}

void FakeExecutor::launch(jobs::JobLaunch launch)
{
    const JobId job = launch.job.id;
    launched.append(job);
    if (!faults.refuseLaunch.isEmpty())
        return later(faults.launchDelay, [this, job] { emit jobLost(job, faults.refuseLaunch); });
    if (launch.mode == jobs::LaunchMode::AttachOnly && !m_cluster.find(job))
        return later(faults.launchDelay, [this, job] { emit jobLost(job, u"the job's containers are gone"_s); });
    m_cluster.bringUp(std::move(launch));
    m_attached.insert(job);
    later(faults.launchDelay, [this, job] {
        if (m_attached.contains(job))
            emit jobStarted(job);
    });
    if (m_cluster.find(job)->coordinator)
        emit m_cluster.coordinatorChanged(job);
}

void FakeExecutor::startStep(const JobId &job, const jobs::StepLaunch &step)
{
    if (!step.argv.isEmpty())
        m_cluster.startStep(job, step);
    m_reported.remove({job, toInt(step.number)});
    const auto *process = m_cluster.findStep(job, step.number);
    if (!process || process->launch.image != step.image) { // another image's container does not have it
        const StepOutcome lost{.kind = OutcomeKind::Lost, .message = u"it was never started"_s};
        return later(faults.reportDelay,
                     [this, job, number = step.number, lost] { emit stepFinished(job, number, lost); });
    }
    follow(job, step.number);
}

void FakeExecutor::follow(const JobId &job, StepNumber step)
{
    m_followed.insert({job, toInt(step)});
    const milliseconds delay = faults.reportDelay + milliseconds(faults.finishFirst ? 20 : 0);
    later(delay, [this, job, step] { emit stepStarted(job, step); });
    report(job, step);
}

void FakeExecutor::report(const JobId &job, StepNumber number)
{
    const auto *step = m_cluster.findStep(job, number);
    if (!step || !m_followed.contains({job, toInt(number)}))
        return;
    if (step->outcome && m_reported.contains({job, toInt(number)}))
        return;
    if (step->outcome)
        m_reported.insert({job, toInt(number)});
    QMetaObject::invokeMethod(m_io, [this, self = QPointer(this), logs = &m_logs, job, number, process = *step] {
        if (logs::LogWriter *writer = logs->writer(job)) {
            const StreamOffsets known = writer->accepted(number);
            append(*writer, number, LogStream::Stdout, known.standardOutput, process.standardOutput);
            append(*writer, number, LogStream::Stderr, known.standardError, process.standardError);
            if (process.outcome && (!writer->endStep(number) || !writer->sync()))
                qWarning("fake executor: the log of %s cannot be synced", qPrintable(job.value()));
        }
        if (!process.outcome)
            return;
        // QPointer is only looked at in its own thread.
        QMetaObject::invokeMethod(qApp, [self, job, number, outcome = *process.outcome] {
            if (self)
                self->reportEnd(job, number, outcome);
        });
    });
}

void FakeExecutor::reportEnd(const JobId &job, StepNumber step, const StepOutcome &outcome)
{
    later(faults.reportDelay, [this, job, step, outcome] { emit stepFinished(job, step, outcome); });
}

void FakeExecutor::killStep(const JobId &job, StepNumber step, jobs::KillReason reason)
{
    if (!faults.ignoreKills)
        m_cluster.killStep(job, step,
                           reason == jobs::KillReason::Timeout ? OutcomeKind::Timeout : OutcomeKind::Cancelled);
}

void FakeExecutor::release(const JobId &job)
{
    releaseCalls.append(job);
    if (faults.swallowedReleases-- > 0)
        return;
    m_attached.remove(job);
    m_cluster.takeDown(job);
    later(milliseconds(0), [this, job] { emit released(job); });
}

void FakeExecutor::sweep(const QSet<JobId> &known)
{
    for (const JobId &job : m_cluster.jobs()) {
        if (!known.contains(job))
            m_cluster.takeDown(job);
    }
}

void FakeExecutor::detach()
{
    m_attached.clear();
    m_followed.clear();
    m_cluster.disconnect(this);
}

} // namespace danube::tests
