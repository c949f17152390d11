// SPDX-License-Identifier: GPL-3.0-or-later
// The master killed after every single write of a job's life, and again during the recovery: the job ends as if nothing
// had happened, and nothing is done twice.
#include "tests/scenario/jobs/scriptedcoordinator.h"

#include "server/logs/logreader.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using LastAnswer = MemoryStore::LastAnswer;

namespace {

struct Story
{
    const char *name;
    QList<QList<ScriptedStep>> stages;
    ScriptedCoordinator::End end = ScriptedCoordinator::End::Checked;
    bool isCancelled = false;
    JobState state = JobState::Success;
    QString reason{};
};

const QList<Story> &stories()
{
    static const QList<Story> all{
        {.name = "parallel",
         .stages = {{{u"echo one; exit 0"_s}}, {{u"echo a"_s}, {u"echo b"_s}, {u"echo c"_s}}, {{u"echo last"_s}}}},
        {.name = "failing",
         .stages = {{{u"echo fine"_s}}, {{u"echo bad; exit 2"_s}}, {{u"echo never"_s}}},
         .state = JobState::Failure,
         .reason = u"step 'echo bad; exit 2' failed: exit code 2"_s},
        {.name = "cancelled",
         .stages = {{{u"echo begun; wait"_s}}},
         .end = ScriptedCoordinator::End::Hanging,
         .isCancelled = true,
         .state = JobState::Cancelled,
         .reason = u"cancelled by ada"_s},
        {.name = "secret", .stages = {{{u"echo with s3cr3t-value inside"_s, u"KEY"_s}}}},
    };
    return all;
}

// One job from trigger to end, with as many masters as it takes.
class Play
{
public:
    explicit Play(const Story &story) : m_story(story), m_coordinator(world, story.stages, story.end)
    {
        world.secrets.values = {{u"KEY"_s, "s3cr3t-value"}};
        world.addPipeline({.secrets = {u"KEY"_s}});
    }

    bool run(const QList<std::pair<int, LastAnswer>> &deaths)
    {
        if (!world.start())
            return false;
        QList<std::pair<int, LastAnswer>> left = deaths;
        armNext(left);
        (void)world.trigger();
        return EngineWorld::waitUntil([&] {
            proceed();
            if (hasDied()) {
                restart();
                armNext(left);
            }
            return isFinal(world.row(job()).state) && !world.store.isDead() && world.ended.contains(job());
        });
    }

    JobId job() const
    {
        const auto page = world.store.jobs({}, 10, {});
        return page && !page->jobs.isEmpty() ? page->jobs.first().id : JobId();
    }

    EngineWorld world;
    int restarts = 0;
    const ScriptedCoordinator &coordinator() const { return m_coordinator; }

private:
    void proceed()
    {
        const JobId id = job();
        if (id.isEmpty())
            return;
        m_coordinator.proceed(id);
        if (m_story.isCancelled && world.cluster.allStepStarts(id) > 0 && (!m_cancel || isRefused(*m_cancel)))
            m_cancel = world.cancel(id);
    }

    static bool isRefused(const Call<Job> &call) { return call.failedWith(ErrorCode::Unavailable); }

    // With its last answer delivered a master lives until it wants to write again, or has nothing left to do.
    bool hasDied() const
    {
        if (!world.store.isDead())
            return false;
        return m_lastAnswer == LastAnswer::Lost || world.store.droppedWrites() > 0 || world.ended.contains(job());
    }

    void armNext(QList<std::pair<int, LastAnswer>> &left)
    {
        if (left.isEmpty())
            return;
        const auto [writes, lastAnswer] = left.takeFirst();
        m_lastAnswer = lastAnswer;
        world.store.dieAfter(writes, lastAnswer);
    }

    void restart()
    {
        ++restarts;
        world.crash();
        world.store.revive();
        m_coordinator.masterDied();
        m_cancel.reset();
        if (!world.start())
            qFatal("the next master does not start");
        // A crash after everything was done: there is nothing to recover, and nothing will be told again.
        if (isFinal(world.row(job()).state))
            world.ended.append(job());
    }

    const Story &m_story;
    ScriptedCoordinator m_coordinator;
    std::optional<Call<Job>> m_cancel;
    LastAnswer m_lastAnswer = LastAnswer::Lost;
};

QByteArray wholeLog(const EngineWorld &world, const JobId &job)
{
    const auto reader = logs::LogReader::open(world.directory.filePath(u"logs"_s), job);
    return reader && (*reader)->refresh() ? (*reader)->read(0, 1 << 20).value_or(QByteArray()) : QByteArray();
}

} // namespace

class TestCrashes : public QObject
{
    Q_OBJECT

    static void addStories()
    {
        QTest::addColumn<int>("story");
        for (int i = 0; i < stories().size(); ++i)
            QTest::newRow(stories()[i].name) << i;
    }

    static void judge(const Play &play, const Story &story)
    {
        const JobId id = play.job();
        const Job job = play.world.row(id);
        QCOMPARE(job.state, story.state);
        QCOMPARE(job.reason, story.reason);
        QCOMPARE(play.world.cluster.coordinatorStarts(id), 1);
        QCOMPARE(play.world.cluster.maximumStartsOfAnyStep(), 1);
        QVERIFY(play.world.cluster.jobs().isEmpty());
        // Whoever asks again while a job is being cancelled hears so; otherwise nobody notices anything.
        if (!story.isCancelled)
            QCOMPARE(play.coordinator().refusals(), 0);
        const QList<JobState> states = play.world.store.statesOf(id);
        for (qsizetype i = 1; i < states.size(); ++i)
            QVERIFY(canMove(states[i - 1], states[i]));
        const auto steps = play.world.store.steps(id);
        QVERIFY(std::ranges::all_of(*steps, [](const Step &step) { return step.state == StepState::Finished; }));
        QCOMPARE(play.world.cluster.allStepStarts(id), steps->size());
        const auto reader = logs::LogReader::open(play.world.directory.filePath(u"logs"_s), id);
        QVERIFY(reader && (*reader)->refresh() && (*reader)->seal());
        QVERIFY(!wholeLog(play.world, id).contains("s3cr3t-value"));
        if (story.state == JobState::Success)
            QCOMPARE(play.coordinator().outcomes().size(), steps->size());
    }

    static int writesOf(const Story &story)
    {
        Play play(story);
        return play.run({}) ? play.world.store.writes() : 0;
    }

private slots:
    void withoutACrashEverythingIsInOrder_data() { addStories(); }
    void withoutACrashEverythingIsInOrder()
    {
        QFETCH(int, story);
        Play play(stories()[story]);
        QVERIFY(play.run({}));
        QCOMPARE(play.restarts, 0);
        judge(play, stories()[story]);
    }

    void aCrashAfterAnyWriteChangesNothing_data() { addStories(); }
    void aCrashAfterAnyWriteChangesNothing()
    {
        QFETCH(int, story);
        const int writes = writesOf(stories()[story]);
        QVERIFY(writes >= 8);
        for (int write = 1; write <= writes; ++write) {
            for (const LastAnswer last : {LastAnswer::Lost, LastAnswer::Delivered}) {
                Play play(stories()[story]);
                const bool ended = play.run({{write, last}});
                if (!ended || play.restarts != 1)
                    qWarning("write %d, last answer %d", write, static_cast<int>(last));
                QVERIFY(ended);
                QCOMPARE(play.restarts, 1);
                judge(play, stories()[story]);
                if (QTest::currentTestFailed())
                    return qWarning("write %d, last answer %d", write, static_cast<int>(last));
            }
        }
    }

    void aCrashDuringTheRecoveryChangesNothingEither_data() { addStories(); }
    void aCrashDuringTheRecoveryChangesNothingEither()
    {
        QFETCH(int, story);
        const int writes = writesOf(stories()[story]);
        for (int write = 1; write <= writes; write += 3) {
            for (int next = 1; next <= 3; next += 2) {
                Play play(stories()[story]);
                QVERIFY(play.run({{write, LastAnswer::Lost}, {next, LastAnswer::Delivered}, {1, LastAnswer::Lost}}));
                judge(play, stories()[story]);
                if (QTest::currentTestFailed())
                    return qWarning("writes %d, then %d, then 1", write, next);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCrashes)
#include "tst_crashes.moc"
