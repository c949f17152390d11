// SPDX-License-Identifier: GPL-3.0-or-later
// The store bench and its stores: rows of jobs with five steps each through the product's Store.
// store create FILE | store write FILE JOBS
#include "server/store/store.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

constexpr int stepsPerJob = 5;
constexpr int writesPerJob = 3 + 2 * stepsPerJob;
constexpr int inFlight = 4096; ///< writes waiting: so many that every group of the writer is full

class Filler : public QObject
{
public:
    Filler(store::Store &store, int jobs) : m_store(store), m_jobs(jobs) {}
    int64_t written() const { return m_written; }
    void pump()
    {
        while (m_begun < m_jobs && m_waiting + writesPerJob <= inFlight)
            writeJob(m_begun++);
        if (m_begun == m_jobs && m_waiting == 0)
            QCoreApplication::exit(0);
    }

private:
    static Job jobOf(int number)
    {
        Job job;
        job.id = JobId(u"bench-%1"_s.arg(number, 12, 10, QChar(u'0')));
        job.pipeline = u"pipeline-%1"_s.arg(number % 20);
        job.repository = u"https://github.com/example/project.git"_s;
        job.branch = number % 3 == 0 ? u"main"_s : u"topic-%1"_s.arg(number % 50);
        job.commit = QString(40, u'a');
        job.triggerType = u"api"_s;
        job.triggeredBy = u"somebody"_s;
        job.params = {{u"word"_s, u"value"_s}};
        job.createdAt = WallTime(milliseconds(1'700'000'000'000 + qint64(number) * 1000));
        return job;
    }
    void writeJob(int number)
    {
        Job job = jobOf(number);
        ++m_waiting;
        m_store.insertJob(job, this, [this](const Result<Job> &done) { finished(done.transform([](const Job &) {})); });
        job.state = JobState::Running;
        job.startedAt = job.createdAt + milliseconds(20);
        job.deadline = job.createdAt + milliseconds(3'600'000);
        m_store.updateJob(job, this, counted());
        for (uint32_t i = 0; i < stepsPerJob; ++i)
            writeStep(job, i);
        job.state = number % 10 == 0 ? JobState::Failure : JobState::Success;
        job.verdict = job.state;
        job.finishedAt = job.createdAt + milliseconds(900);
        job.reason = u"the coordinator ended with exit code 0"_s;
        m_store.updateJob(job, this, counted());
    }
    void writeStep(const Job &job, uint32_t number)
    {
        Step step;
        step.job = job.id;
        step.number = StepNumber(number);
        step.name = u"step %1"_s.arg(number);
        step.command = u"cmake --build build --target all"_s;
        step.request = RequestId(u"request-%1"_s.arg(number));
        step.bodyHash = QByteArray(32, 'h');
        step.startedAt = job.createdAt + milliseconds(100);
        m_store.insertStep(step, this, counted());
        step.state = StepState::Finished;
        step.outcome = StepOutcome{OutcomeKind::Exited, 0, 0, milliseconds(120), {}};
        step.finishedAt = job.createdAt + milliseconds(220);
        m_store.updateStep(step, this, counted());
    }
    store::Done<void> counted()
    {
        ++m_waiting;
        return [this](const Result<void> &done) { finished(done); };
    }
    void finished(const Result<void> &done)
    {
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
        ++m_written;
        --m_waiting;
        pump();
    }

    store::Store &m_store;
    int m_jobs;
    int m_begun = 0;
    int m_waiting = 0;
    int64_t m_written = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3) {
        fputs("usage: store create FILE | store write FILE JOBS\n", stderr);
        return 2;
    }
    auto store = store::Store::open(arguments[2]);
    if (!store)
        qFatal("%s", qPrintable(store.error().message));
    if (arguments.size() > 3) {
        Filler filler(**store, arguments[3].toInt());
        const auto begun = std::chrono::steady_clock::now();
        QMetaObject::invokeMethod(&filler, [&filler] { filler.pump(); }, Qt::QueuedConnection);
        QCoreApplication::exec();
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
        printf("%.6f %lld\n", taken.count(), static_cast<long long>(filler.written()));
    }
    if (auto closed = (*store)->close(seconds(60)); !closed)
        qFatal("%s", qPrintable(closed.error().message));
    return 0;
}
