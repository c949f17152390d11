// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/pipelinestatistics.h"
#include "console/models/statisticscsv.h"

#include <QTest>

#include <random>
#include <set>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr WallTime start{milliseconds(1'750'000'000'000)};

Job job(int number, const QString &pipeline, JobState state, WallTime created, milliseconds queue, milliseconds ran)
{
    Job job;
    job.id = JobId(u"job%1"_s.arg(number));
    job.number = number;
    job.pipeline = pipeline;
    job.state = state;
    job.createdAt = created;
    if (queue >= milliseconds(0))
        job.startedAt = created + queue;
    if (isFinal(state))
        job.finishedAt = (queue >= milliseconds(0) ? job.startedAt : created) + ran;
    return job;
}

/// Jobs of a few pipelines in any order, also such as never started.
std::vector<Job> manyJobs(uint32_t seed, int count)
{
    std::mt19937 random(seed);
    const auto below = [&random](int limit) { return int(random() % uint32_t(limit)); };
    std::vector<Job> jobs;
    for (int number = 1; number <= count; ++number) {
        const JobState state = allJobStates[below(int(std::size(allJobStates)))];
        const bool started = state >= JobState::Running && (state != JobState::Cancelled || below(2) == 0) &&
                             (state != JobState::Failure || below(5) != 0);
        jobs.push_back(job(number, u"pipeline%1"_s.arg(below(4)), state, start + milliseconds(below(1'000'000)),
                           milliseconds(started ? below(5000) : -1),
                           milliseconds(below(3) == 0 ? 700 : below(90'000))));
    }
    std::ranges::shuffle(jobs, random);
    return jobs;
}

/// By the definition: the smallest value that so many percent of all do not exceed.
milliseconds percentile(const QList<milliseconds> &values, int percent)
{
    std::optional<milliseconds> best;
    for (const milliseconds value : values) {
        const auto atMost = std::ranges::count_if(values, [&](milliseconds other) { return other <= value; });
        if (atMost * 100 >= percent * values.size() && (!best || value < *best))
            best = value;
    }
    return best.value_or(milliseconds(0));
}

Percentiles percentiles(const QList<milliseconds> &values)
{
    return {values.size(), percentile(values, 50), percentile(values, 90), percentile(values, 99)};
}

PipelineStatistics oracle(const std::vector<Job> &jobs, const QString &pipeline, WallTime since)
{
    PipelineStatistics sums{.pipeline = pipeline};
    QList<milliseconds> runs;
    QList<milliseconds> queues;
    std::map<int64_t, Job> ended;
    for (const Job &job : jobs) {
        if (job.pipeline != pipeline || job.createdAt < since)
            continue;
        sums.succeeded += job.state == JobState::Success;
        sums.failed += job.state == JobState::Failure;
        sums.timedOut += job.state == JobState::Timeout;
        sums.cancelled += job.state == JobState::Cancelled;
        sums.unfinished += !isFinal(job.state);
        const bool started = job.startedAt != WallTime{};
        if (started)
            queues.append(job.startedAt - job.createdAt);
        if (started && isFinal(job.state) && job.state != JobState::Cancelled)
            runs.append(job.finishedAt - job.startedAt);
        if (isFinal(job.state))
            ended[job.number] = job;
    }
    sums.run = percentiles(runs);
    sums.queue = percentiles(queues);
    for (const auto &[number, job] : ended) {
        const bool started = job.startedAt != WallTime{};
        sums.recent.append({number, started ? job.finishedAt - job.startedAt : milliseconds(-1), job.state});
        sums.last = job;
        if (job.state == JobState::Failure || job.state == JobState::Timeout)
            sums.failures.prepend(job.id);
    }
    sums.recent = sums.recent.last(std::min(sums.recent.size(), PipelineStatistics::mostRecent));
    sums.failures = sums.failures.first(std::min(sums.failures.size(), PipelineStatistics::mostFailures));
    return sums;
}

} // namespace

class TestPipelineStatistics : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithTheDefinition_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 2, 5, 40, 199, 700, 1500})
            QTest::addRow("%d jobs", count) << count;
    }
    void agreesWithTheDefinition()
    {
        QFETCH(const int, count);
        for (const uint32_t seed : {1U, 2U, 3U}) {
            const std::vector<Job> jobs = manyJobs(seed, count);
            for (const WallTime since : {WallTime{}, start + milliseconds(400'000), start + milliseconds(2'000'000)}) {
                std::set<QString> names;
                for (const Job &job : jobs)
                    names.insert(job.pipeline);
                const QList<PipelineStatistics> all = pipelineStatistics(jobs, since);
                QCOMPARE(all.size(), qsizetype(names.size()));
                qsizetype row = 0;
                for (const QString &name : names) {
                    const PipelineStatistics wanted = oracle(jobs, name, since);
                    const PipelineStatistics &got = all[row++];
                    QCOMPARE(got.pipeline, name);
                    QCOMPARE(got.run.p50, wanted.run.p50);
                    QCOMPARE(got.run.p99, wanted.run.p99);
                    QCOMPARE(got.recent, wanted.recent);
                    QVERIFY(got == wanted);
                }
            }
        }
    }
    void percentilesAreMeasuredValues_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<QList<int>>("wanted");
        QTest::newRow("one") << 1 << QList<int>{1, 1, 1};
        QTest::newRow("two") << 2 << QList<int>{1, 2, 2};
        QTest::newRow("ten") << 10 << QList<int>{5, 9, 10};
        QTest::newRow("hundred") << 100 << QList<int>{50, 90, 99};
        QTest::newRow("hundred and one") << 101 << QList<int>{51, 91, 100};
        QTest::newRow("thousand") << 1000 << QList<int>{500, 900, 990};
    }
    void percentilesAreMeasuredValues()
    {
        QFETCH(const int, count);
        QFETCH(const QList<int>, wanted);
        std::vector<milliseconds> values;
        for (int value = count; value >= 1; --value)
            values.emplace_back(value);
        const Percentiles got = percentilesOf(values);
        QCOMPARE(got.count, count);
        QCOMPARE((QList<int>{int(got.p50.count()), int(got.p90.count()), int(got.p99.count())}), wanted);
    }
    void cancelledAndUnfinishedSayNothingOfSuccess()
    {
        const std::vector<Job> jobs{job(1, u"a"_s, JobState::Success, start, seconds(1), seconds(10)),
                                    job(2, u"a"_s, JobState::Timeout, start, seconds(2), seconds(60)),
                                    job(3, u"a"_s, JobState::Cancelled, start, seconds(3), seconds(1)),
                                    job(4, u"a"_s, JobState::Cancelled, start, milliseconds(-1), seconds(1)),
                                    job(5, u"a"_s, JobState::Running, start, seconds(4), seconds(0)),
                                    job(6, u"b"_s, JobState::Pending, start, milliseconds(-1), seconds(0))};
        const QList<PipelineStatistics> all = pipelineStatistics(jobs, {});
        QCOMPARE(all.size(), 2);
        QCOMPARE(all[0].successRate(), std::optional(0.5));
        QCOMPARE(all[0].runs(), 5);
        QCOMPARE(all[0].run.count, 2);   // not the cancelled one
        QCOMPARE(all[0].queue.count, 4); // all that started
        QCOMPARE(all[0].last->number, 4);
        QCOMPARE(all[1].successRate(), std::nullopt);
        QCOMPARE(all[1].last, std::nullopt);
    }
    void aClockThatWentBackCostsOneValue()
    {
        Job strange = job(1, u"a"_s, JobState::Success, start, seconds(1), seconds(10));
        strange.finishedAt = strange.startedAt - seconds(5);
        const QList<PipelineStatistics> all = pipelineStatistics(std::span(&strange, 1), {});
        QCOMPARE(all[0].run.count, 0);
        QCOMPARE(all[0].succeeded, 1);
        QVERIFY(all[0].recent[0].duration < milliseconds(0));
    }
    void fiftyThousandJobsAreCountedAtOnce()
    {
        const std::vector<Job> jobs = manyJobs(7, 50'000);
        QBENCHMARK
        {
            QCOMPARE(pipelineStatistics(jobs, {}).size(), 4);
        }
    }
    void theCsvHasEveryFigure()
    {
        std::vector<Job> jobs{job(1, u"=cmd"_s, JobState::Success, start, seconds(1), seconds(10)),
                              job(2, u"=cmd"_s, JobState::Failure, start, seconds(3), seconds(20)),
                              job(3, u"idle"_s, JobState::Pending, start, milliseconds(-1), seconds(0))};
        const FailingStep step{
            .name = u"make, \"test\""_s, .jobs = 1, .lastJob = {}, .lastNumber = 2, .lastOutcome = {}};
        const QList<QByteArray> lines = statisticsCsv(pipelineStatistics(jobs, {}), {{u"=cmd"_s, {step}}}).split('\n');
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], "pipeline,runs,succeeded,failed,timed_out,cancelled,unfinished,success_rate,run_p50_ms,"
                           "run_p90_ms,run_p99_ms,queue_p50_ms,queue_p90_ms,queue_p99_ms,last_state,last_job,"
                           "last_ended_at,failing_steps\r");
        QCOMPARE(lines[1], "'=cmd,2,1,1,0,0,0,0.5000,10000,20000,20000,1000,3000,3000,failure,2," +
                               toRfc3339(jobs[1].finishedAt).toUtf8() + ",\"make, \"\"test\"\": 1\"\r");
        QCOMPARE(lines[2], "idle,1,0,0,0,0,1,,,,,,,,,,,\r");
    }
};

QTEST_GUILESS_MAIN(TestPipelineStatistics)
#include "tst_pipelinestatistics.moc"
