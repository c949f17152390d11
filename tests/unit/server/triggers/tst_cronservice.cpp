// SPDX-License-Identifier: GPL-3.0-or-later
// Cron triggers with a clock that stands still: what is started, by each policy, over restarts, crashes, set clocks.
#include "server/triggers/cronservice.h"
#include "tests/support/jobs/engineworld.h"

#include <QCoreApplication>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace danube::tests;
using namespace danube::triggers;
using namespace Qt::StringLiterals;

namespace {

constexpr auto hourly = "0 * * * *"_L1;

Trigger cron(const QString &schedule, std::optional<CatchUp> policy = {}, const QStringList &branches = {})
{
    return {.on = Trigger::On::Cron, .branches = branches, .schedule = schedule, .catchUp = policy};
}

WallTime at(const QString &text)
{
    return fromRfc3339(text);
}

} // namespace

class TestCronService : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    std::unique_ptr<CronService> m_cron;
    QMap<QString, QList<Trigger>> m_triggers;
    EngineWorld &world() { return *m_world; }

    QList<PipelineDocument> documents() const
    {
        QList<PipelineDocument> documents;
        for (auto it = m_triggers.begin(); it != m_triggers.end(); ++it) {
            PipelineDocument document;
            document.pipeline.name = it.key();
            document.triggers = *it;
            documents.append(document);
        }
        return documents;
    }
    bool startMaster()
    {
        if (!world().start())
            return false;
        m_cron = std::make_unique<CronService>(world().engine(), world().activeStore(), world().clock,
                                               CronService::Settings{.longestSleep = milliseconds(3'600'000)});
        m_cron->follow(documents());
        return m_cron->start().has_value();
    }
    void crash()
    {
        m_cron.reset();
        world().crash();
        world().store.revive();
    }
    bool start(const Trigger &trigger, const QString &now = u"2026-03-10T09:30:00Z"_s)
    {
        m_triggers = {{u"build"_s, {trigger}}};
        world().clock.setWall(at(now));
        return startMaster();
    }
    /// Until nothing moves any more: the store answers by the event loop.
    void settle()
    {
        for (int i = 0; i < 60; ++i) {
            m_cron->look();
            QCoreApplication::processEvents();
        }
    }
    void goTo(const QString &time)
    {
        world().clock.setWall(at(time));
        settle();
    }
    QList<Job> jobs()
    {
        auto list = world().activeStore().jobs({}, 1000, {}).value().jobs;
        std::ranges::sort(list, {}, &Job::number);
        return list;
    }
    /// Hours and minutes that were due.
    QStringList dueTimes()
    {
        QStringList times;
        for (const Job &job : jobs())
            times.append(job.triggerRef.right(13).first(5));
        return times;
    }
    QJsonObject shown() const { return m_cron->triggersOf(u"build"_s).at(0).toObject(); }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        m_triggers.clear();
    }
    void cleanup()
    {
        m_cron.reset();
        m_world.reset();
    }

    void aDueTimeStartsAJob()
    {
        QVERIFY(start(cron(hourly, {}, {u"release/1.0"_s})));
        goTo(u"2026-03-10T09:59:59.999Z"_s);
        QCOMPARE(jobs().size(), 0);
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(jobs().size(), 1);
        const Job job = jobs().first();
        QCOMPARE(job.pipeline, u"build"_s);
        QCOMPARE(job.triggerType, u"cron"_s);
        QCOMPARE(job.triggeredBy, u"cron"_s);
        QCOMPARE(job.triggerRef, u"0 * * * *, due 2026-03-10T10:00:00.000Z"_s);
        QCOMPARE(job.ref, u"release/1.0"_s);
        goTo(u"2026-03-10T10:59:00Z"_s);
        QCOMPARE(jobs().size(), 1);
        goTo(u"2026-03-10T11:00:00Z"_s);
        QCOMPARE(dueTimes(), (QStringList{u"10:00"_s, u"11:00"_s}));
    }

    void theTimerLooksByItself()
    {
        QVERIFY(start(cron(hourly), u"2026-03-10T09:59:59.950Z"_s));
        world().clock.advance(milliseconds(50));
        QVERIFY(world().waitUntil([this] { return jobs().size() == 1; }));
    }

    void aRetryKeepsWhatStartedIt()
    {
        QVERIFY(start(cron(hourly)));
        goTo(u"2026-03-10T10:00:00Z"_s);
        const JobId id = jobs().first().id;
        const auto cancelled = world().cancel(id);
        QVERIFY(world().waitForEnd(id));
        const auto retried = world().retry(id);
        QVERIFY(world().waitUntil([&] { return retried.isDone(); }));
        QVERIFY2(retried.result->value(), qPrintable(retried.message()));
        QCOMPARE(retried.value().triggerType, u"retry"_s);
        QCOMPARE(retried.value().triggerRef, jobs().first().triggerRef);
    }

    void eachBranchOfATriggerIsRun()
    {
        QVERIFY(start(cron(hourly, {}, {u"main"_s, u"next"_s})));
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(jobs().size(), 2);
        QCOMPARE(jobs().at(0).ref, u"main"_s);
        QCOMPARE(jobs().at(1).ref, u"next"_s);
    }

    void twoSchedulesThatMeetAreOneRun()
    {
        m_triggers = {{u"build"_s, {cron(hourly), cron(u"*/30 * * * *"_s)}}};
        world().clock.setWall(at(u"2026-03-10T09:45:00Z"_s));
        QVERIFY(startMaster());
        goTo(u"2026-03-10T10:00:00Z"_s);
        goTo(u"2026-03-10T10:30:00Z"_s);
        QCOMPARE(dueTimes(), (QStringList{u"10:00"_s, u"10:30"_s}));
    }

    void whatWasMissedGoesByPolicy_data()
    {
        QTest::addColumn<CatchUp>("policy");
        QTest::addColumn<QString>("back");
        QTest::addColumn<QStringList>("due");
        QTest::newRow("none") << CatchUp::None << u"2026-03-10T13:30:00Z"_s << QStringList{u"10:00"_s, u"14:00"_s};
        QTest::newRow("none, back over the due time")
            << CatchUp::None << u"2026-03-10T13:00:20Z"_s << QStringList{u"10:00"_s, u"13:00"_s, u"14:00"_s};
        QTest::newRow("last") << CatchUp::Last << u"2026-03-10T13:30:00Z"_s
                              << QStringList{u"10:00"_s, u"13:00"_s, u"14:00"_s};
        QTest::newRow("all") << CatchUp::All << u"2026-03-10T13:30:00Z"_s
                             << QStringList{u"10:00"_s, u"11:00"_s, u"12:00"_s, u"13:00"_s, u"14:00"_s};
        QTest::newRow("nothing missed") << CatchUp::Last << u"2026-03-10T10:59:00Z"_s
                                        << QStringList{u"10:00"_s, u"14:00"_s};
    }
    void whatWasMissedGoesByPolicy()
    {
        QFETCH(CatchUp, policy);
        QFETCH(QString, back);
        QFETCH(QStringList, due);
        QVERIFY(start(cron(hourly, policy)));
        goTo(u"2026-03-10T10:00:00Z"_s);
        crash();
        world().clock.setWall(at(back));
        QVERIFY(startMaster());
        settle();
        crash();
        world().clock.setWall(at(back));
        QVERIFY(startMaster()); // another restart at once adds nothing
        settle();
        QCOMPARE(dueTimes(), due.first(due.size() - 1));
        goTo(u"2026-03-10T14:00:00Z"_s);
        QCOMPARE(dueTimes(), due);
    }

    void aClockSetForwardIsATimeMissed()
    {
        QVERIFY(start(cron(hourly)));
        goTo(u"2031-03-10T09:30:00Z"_s);
        QCOMPARE(dueTimes(), QStringList{u"09:00"_s});
    }

    void aClockSetBackRepeatsNothingAndGoesOn()
    {
        QVERIFY(start(cron(hourly)));
        goTo(u"2026-03-10T10:00:00Z"_s);
        goTo(u"2026-03-10T09:10:00Z"_s);
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(dueTimes(), QStringList{u"10:00"_s});
        goTo(u"2026-03-10T08:30:00Z"_s);
        goTo(u"2026-03-10T09:00:00Z"_s);
        goTo(u"2026-03-10T10:00:00Z"_s);
        goTo(u"2026-03-10T11:00:00Z"_s);
        QCOMPARE(dueTimes(), (QStringList{u"10:00"_s, u"09:00"_s, u"11:00"_s}));
    }

    void aMarkOfTheFutureDoesNotSilenceASchedule()
    {
        QVERIFY(start(cron(hourly), u"2031-03-10T09:30:00Z"_s));
        goTo(u"2031-03-10T10:00:00Z"_s);
        crash();
        world().clock.setWall(at(u"2026-03-10T09:30:00Z"_s));
        QVERIFY(startMaster());
        goTo(u"2026-03-10T11:00:00Z"_s);
        QCOMPARE(dueTimes(), (QStringList{u"10:00"_s, u"11:00"_s}));
    }

    // Writes at a due time: the job's row, the mark, then the engine's own.
    void aMasterKilledAnywhereMakesOneJob_data()
    {
        QTest::addColumn<int>("writes");
        QTest::addColumn<bool>("hears");
        QTest::newRow("before the row") << 0 << false;
        QTest::newRow("after the row, before the answer") << 1 << false;
        QTest::newRow("after the answer, before the mark") << 1 << true;
        QTest::newRow("after the mark") << 2 << true;
        QTest::newRow("later") << 3 << true;
    }
    void aMasterKilledAnywhereMakesOneJob()
    {
        QFETCH(int, writes);
        QFETCH(bool, hears);
        QVERIFY(start(cron(hourly)));
        world().store.dieAfter(writes, hears ? MemoryStore::LastAnswer::Delivered : MemoryStore::LastAnswer::Lost);
        goTo(u"2026-03-10T10:00:00Z"_s);
        QVERIFY(world().waitUntil([this] { return world().store.isDead(); }));
        QCOMPARE(jobs().size(), std::min(writes, 1));
        crash();
        world().clock.advance(milliseconds(5'000));
        QVERIFY(startMaster());
        settle();
        QCOMPARE(dueTimes(), QStringList{u"10:00"_s});
        goTo(u"2026-03-10T11:00:00Z"_s);
        QCOMPARE(dueTimes(), (QStringList{u"10:00"_s, u"11:00"_s}));
    }

    void theRealStoreRemembersOverARestart()
    {
        const QString path = world().directory.filePath(u"danube.sqlite"_s);
        world().realStore = store::Store::open(path).value();
        QVERIFY(start(cron(hourly)));
        goTo(u"2026-03-10T10:00:00Z"_s);
        QVERIFY(world().waitUntil([this] { return jobs().size() == 1; }));
        m_cron.reset();
        world().crash();
        world().realStore = store::Store::open(path).value();
        // A lost mark, as after a kill between row and mark: only the key is left to know.
        std::optional<Result<void>> removed;
        world().realStore->removeCronMark({u"build"_s, hourly, {}, {}}, this,
                                          [&](Result<void> result) { removed = std::move(result); });
        QVERIFY(world().waitUntil([&] { return removed.has_value(); }));
        world().clock.setWall(at(u"2026-03-10T09:59:00Z"_s));
        QVERIFY(startMaster());
        goTo(u"2026-03-10T10:00:00Z"_s);
        const auto isDecided = [this] {
            const auto marks = world().realStore->cronMarks().value();
            return marks.size() == 1 && marks.first().until == at(u"2026-03-10T10:00:00Z"_s);
        };
        QVERIFY(world().waitUntil(isDecided));
        QCOMPARE(dueTimes(), QStringList{u"10:00"_s});
        m_cron.reset();
        world().crash();
    }

    void whatCannotBeTakenNowIsTriedAgain()
    {
        QVERIFY(start(cron(hourly)));
        world().store.failNext(1);
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(jobs().size(), 0);
        QVERIFY(shown().value("refused"_L1).toString().contains("disk full"_L1));
        world().clock.advance(milliseconds(29'999));
        settle();
        QCOMPARE(jobs().size(), 0);
        world().clock.advance(milliseconds(1));
        settle();
        QCOMPARE(dueTimes(), QStringList{u"10:00"_s});
        QVERIFY(!shown().contains("refused"_L1));
    }

    void whatIsRefusedForGoodIsGivenUpAndShown()
    {
        QVERIFY(start(cron(hourly)));
        world().removePipelines();
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(shown().value("refused"_L1).toString(), u"pipeline build: there is none of this name"_s);
        world().addPipeline({});
        goTo(u"2026-03-10T10:30:00Z"_s);
        QCOMPARE(jobs().size(), 0);
        goTo(u"2026-03-10T11:00:00Z"_s);
        QCOMPARE(dueTimes(), QStringList{u"11:00"_s});
    }

    void anotherScheduleBeginsNow()
    {
        QVERIFY(start(cron(u"0 0 1 1 *"_s)));
        goTo(u"2026-03-10T12:30:00Z"_s);
        m_triggers[u"build"_s] = {cron(hourly, CatchUp::All)};
        m_cron->follow(documents());
        settle();
        QCOMPARE(jobs().size(), 0);
        m_triggers.clear(); // it goes, and comes back later
        m_cron->follow(documents());
        goTo(u"2026-03-10T15:30:00Z"_s);
        QCOMPARE(world().store.cronMarks()->size(), 0);
        m_triggers[u"build"_s] = {cron(hourly, CatchUp::All)};
        m_cron->follow(documents());
        settle();
        QCOMPARE(jobs().size(), 0);
        goTo(u"2026-03-10T16:00:00Z"_s);
        QCOMPARE(dueTimes(), QStringList{u"16:00"_s});
    }

    void aConfigurationThatIsAppliedAgainChangesNothing()
    {
        QVERIFY(start(cron(hourly)));
        world().clock.setWall(at(u"2026-03-10T10:00:00Z"_s));
        m_cron->follow(documents());
        m_cron->follow(documents());
        settle();
        QCOMPARE(dueTimes(), QStringList{u"10:00"_s});
    }

    void nothingStartsAfterStop()
    {
        QVERIFY(start(cron(hourly)));
        m_cron->stop();
        goTo(u"2026-03-10T10:00:00Z"_s);
        QCOMPARE(jobs().size(), 0);
    }

    void tenSchedulesRunAtTheirTimes()
    {
        const QStringList schedules{u"* * * * *"_s,     u"*/5 * * * *"_s,   u"0 * * * *"_s, u"7,37 * * * *"_s,
                                    u"30 10 * * *"_s,   u"15 9-11 * * 2"_s, u"0 0 1 1 *"_s, u"*/20 10 10 3 *"_s,
                                    u"45 10 * * sun"_s, u"59 10 13 * tue"_s};
        const WallTime from = at(u"2026-03-10T09:30:00Z"_s);
        const WallTime to = from + std::chrono::hours(2);
        for (const QString &text : schedules) {
            const QString name = u"p%1"_s.arg(m_triggers.size());
            world().addPipeline({.name = name});
            m_triggers[name] = {cron(text)};
        }
        world().settings.maxConcurrentJobs = 1; // the others wait
        world().clock.setWall(from);
        QVERIFY(startMaster());
        while (world().clock.wall() < to) {
            world().clock.advance(std::chrono::minutes(1));
            m_cron->look();
            QCoreApplication::processEvents();
        }
        QMap<QString, int> counts;
        for (const Job &job : jobs())
            ++counts[job.pipeline];
        for (qsizetype i = 0; i < schedules.size(); ++i) {
            const auto schedule = CronSchedule::parse(schedules[i]).value();
            int wanted = 0;
            for (auto next = schedule.next(from); next && *next <= to; next = schedule.next(*next))
                ++wanted;
            QCOMPARE(counts.value(u"p%1"_s.arg(i)), wanted);
        }
        QCOMPARE(counts.value(u"p0"_s), 120);
    }

    void triggersAreShownWithTheirNextRun()
    {
        m_triggers = {{u"build"_s,
                       {cron(u"30 4 * * 1-5"_s, CatchUp::None, {u"main"_s}),
                        {.on = Trigger::On::Push, .branches = {u"release/*"_s}, .schedule = {}}}}};
        world().clock.setWall(at(u"2026-03-13T12:00:00Z"_s)); // a Friday
        QVERIFY(startMaster());
        const auto triggers = m_cron->triggersOf(u"build"_s);
        QCOMPARE(triggers.size(), 2);
        QCOMPARE(triggers[0].toObject(), (QJsonObject{{u"on"_s, u"cron"_s},
                                                      {u"branches"_s, QJsonArray{u"main"_s}},
                                                      {u"schedule"_s, u"30 4 * * 1-5"_s},
                                                      {u"catch_up"_s, u"none"_s},
                                                      {u"active"_s, true},
                                                      {u"next_run"_s, u"2026-03-16T04:30:00.000Z"_s}}));
        QCOMPARE(triggers[1].toObject().value("active"_L1), false);
        QVERIFY(!triggers[1].toObject().value("reason"_L1).toString().isEmpty());
        QCOMPARE(m_cron->triggersOf(u"other"_s).size(), 0);
        m_cron->stop();
        QCOMPARE(shown().value("active"_L1), false);
    }
};

QTEST_GUILESS_MAIN(TestCronService)
#include "tst_cronservice.moc"
