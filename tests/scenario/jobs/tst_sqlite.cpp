// SPDX-License-Identifier: GPL-3.0-or-later
// The engine on the real store: jobs, steps, grants and verdicts are found again by the next master.
#include "tests/support/jobs/engineworld.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestSqlite : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    EngineWorld &world() { return *m_world; }

    bool openStore()
    {
        auto opened = store::Store::open(world().directory.filePath(u"danube.sqlite"_s));
        if (opened)
            world().realStore = std::move(*opened);
        return opened.has_value();
    }
    bool restart()
    {
        world().crash();
        world().realStore.reset();
        return openStore() && world().start();
    }
    bool isAdopted(const JobId &job)
    {
        return world().waitUntil([&] { return world().engine().checkJob(job, job).has_value(); });
    }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        world().secrets.values = {{u"KEY"_s, "s3cr3t-value"}};
        world().addPipeline({.secrets = {u"KEY"_s}});
        QVERIFY(openStore());
        QVERIFY(world().start());
    }
    void cleanup()
    {
        world().crash();
        m_world.reset();
    }

    void aJobOutlivesItsMasters()
    {
        const JobId job = world().running();
        QVERIFY(!job.isEmpty());
        const auto secret = world().getSecret(job, u"KEY"_s);
        QVERIFY(world().waitUntil([&] { return secret.isDone(); }));
        const auto first = world().runStep(job, u"echo s3cr3t-value; exit 3"_s, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return first.isDone(); }));
        (void)world().runStep(job, u"wait"_s, u"r2"_s);
        QVERIFY(world().waitForStep(job, StepNumber(2), StepState::Running));
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        const auto again = world().runStep(job, u"echo s3cr3t-value; exit 3"_s, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return again.isDone(); }));
        QVERIFY(again.value().outcome == first.value().outcome);
        QCOMPARE(again.value().stdoutText, first.value().stdoutText);
        QVERIFY(!again.value().stdoutText->contains("s3cr3t"));
        const auto second = world().runStep(job, u"wait"_s, u"r2"_s);
        world().cluster.finishStep(job, StepNumber(2), {.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}});
        QVERIFY(world().waitUntil([&] { return second.isDone(); }));
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Success);
        QCOMPARE(world().cluster.allStepStarts(job), 2);
    }

    void aVerdictOutlivesItsMaster()
    {
        const JobId job = world().running();
        world().executor().faults.swallowedReleases = 1;
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().waitUntil([&] { return !world().executor().releaseCalls.isEmpty(); }));
        QCOMPARE(world().row(job).state, JobState::Running);
        QVERIFY(world().row(job).verdict == JobState::Success);
        world().cluster.takeDown(job);
        QVERIFY(restart());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Success);
    }

    void manyCallsOfManyRequestsAreOneExecutionEach()
    {
        const JobId job = world().running();
        QList<Call<protocol::RunStepAnswer>> calls;
        for (int i = 0; i < 200; ++i)
            calls.append(world().runStep(job, u"exit 0"_s, u"r%1"_s.arg(i % 20)));
        for (const auto &call : calls)
            QVERIFY(world().waitUntil([&call] { return call.isDone() && call.value().outcome.isSuccess(); }));
        QCOMPARE(world().cluster.allStepStarts(job), 20);
        QCOMPARE(world().realStore->steps(job)->size(), 20);
    }
};

QTEST_GUILESS_MAIN(TestSqlite)
#include "tst_sqlite.moc"
