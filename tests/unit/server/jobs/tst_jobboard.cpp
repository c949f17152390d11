// SPDX-License-Identifier: GPL-3.0-or-later
// What other threads may answer by themselves: never anything that the engine would not say at that moment.
#include "tests/support/jobs/engineworld.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestJobBoard : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    JobId m_job;
    EngineWorld &world() { return *m_world; }

    std::optional<QString> status(const protocol::ReportStatusRequest &request)
    {
        return world().engine().board().status(m_job, request);
    }
    std::optional<QString> status() { return status({.job = m_job, .state = {}, .message = {}, .progress = {}}); }
    std::optional<QByteArray> secret() { return world().engine().board().secret(m_job, {m_job, u"NPM_TOKEN"_s}); }
    template <class T> bool wait(const Call<T> &call)
    {
        return EngineWorld::waitUntil([&call] { return call.isDone(); });
    }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        world().secrets.set(u"NPM_TOKEN"_s, "s3cr3t-value");
        world().addPipeline({.secrets = {u"NPM_TOKEN"_s}});
        QVERIFY(world().start());
        m_job = world().running();
        QVERIFY(!m_job.isEmpty());
    }
    void cleanup() { m_world.reset(); }

    void showsWhatChangesNothing()
    {
        const protocol::ReportStatusRequest report{m_job, u"running"_s, u"half way"_s, 0.5};
        QVERIFY(!status(report));
        QVERIFY(wait(world().reportStatus(report)));
        QCOMPARE(status(report), std::optional(u"running"_s));
        QCOMPARE(status(), std::optional(u"running"_s));
        QCOMPARE(status({m_job, {}, {}, 0.5}), std::optional(u"running"_s));
        QVERIFY(!status({m_job, {}, {}, 0.6}));
        QVERIFY(!status({m_job, {}, u"further"_s, {}}));
        QVERIFY(!status({m_job, u"success"_s, {}, {}}));
    }

    void showsNothingThatIsNotDurableYet()
    {
        const auto call = world().reportStatus({m_job, {}, u"half way"_s, {}});
        QVERIFY(!call.isDone());
        QVERIFY(!status());
        QVERIFY(wait(call));
        QCOMPARE(status(), std::optional(u"running"_s));
        world().store.failNext(1);
        const protocol::ReportStatusRequest lost{m_job, {}, u"lost"_s, {}};
        QVERIFY(wait(world().reportStatus(lost)));
        QVERIFY(!status(lost));
        QVERIFY(!status());
    }

    void showsNoStateThatIsNotDurable()
    {
        world().executor().faults.launchDelay = std::chrono::hours(1);
        m_job = world().triggered();
        QVERIFY(EngineWorld::waitUntil([this] { return world().executor().launched.contains(m_job); }));
        world().store.failNext(2); // that it runs, and the report's
        const auto failed = world().reportStatus({m_job, u"running"_s, {}, {}});
        QVERIFY(!status());
        QVERIFY(wait(failed));
        QVERIFY(failed.failedWith(ErrorCode::ResourceExhausted));
        QVERIFY(!status());
        QVERIFY(world().waitFor(m_job, JobState::Running)); // by the next try
        QVERIFY(wait(world().reportStatus({m_job, u"running"_s, {}, {}})));
        QCOMPARE(status(), std::optional(u"running"_s));
    }

    void forgetsAJobThatIsEnding()
    {
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        QVERIFY(status() && secret());
        const auto cancelled = world().cancel(m_job);
        QVERIFY(!status());
        QVERIFY(!secret());
        QVERIFY(wait(cancelled));
    }

    void showsNothingToOthers()
    {
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        const JobId other = world().running();
        QVERIFY(!world().engine().board().status(other, {m_job, {}, {}, {}}));
        QVERIFY(!world().engine().board().secret(other, {m_job, u"NPM_TOKEN"_s}));
        QVERIFY(!world().engine().board().secret(other, {other, u"NPM_TOKEN"_s}));
    }

    void showsASecretUntilItIsAnother()
    {
        QVERIFY(!secret());
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        QCOMPARE(secret(), std::optional<QByteArray>("s3cr3t-value"));
        world().secrets.set(u"NPM_TOKEN"_s, "rotated-value");
        QVERIFY(!secret());
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        QCOMPARE(secret(), std::optional<QByteArray>("rotated-value"));
        world().secrets.set(u"OTHER"_s, "x"); // nobody looks at which it was
        QVERIFY(!secret());
    }

    void asksAgainForAMessageThatMayHoldASecretByNow()
    {
        const protocol::ReportStatusRequest report{m_job, {}, u"with s3cr3t-value"_s, {}};
        QVERIFY(wait(world().reportStatus(report)));
        QCOMPARE(status(report), std::optional(u"running"_s));
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        QVERIFY(!status(report));
        QVERIFY(wait(world().reportStatus(report)));
        QCOMPARE(world().row(m_job).message, u"with ***"_s);
        QCOMPARE(status(report), std::optional(u"running"_s));
    }

    void knowsAfterARestartWhatIsInTheRowOnly()
    {
        const protocol::ReportStatusRequest report{m_job, {}, u"half way"_s, 0.5};
        QVERIFY(wait(world().reportStatus(report)));
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        world().crash();
        QVERIFY(world().start());
        QVERIFY(EngineWorld::waitUntil([this] { return status().has_value(); }));
        QCOMPARE(status({m_job, {}, {}, 0.5}), std::optional(u"running"_s));
        QVERIFY(!status(report));
        QVERIFY(!secret());
    }
};

QTEST_GUILESS_MAIN(TestJobBoard)
#include "tst_jobboard.moc"
