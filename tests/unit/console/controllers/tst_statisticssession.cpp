// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/statisticssession.h"
#include "shared/api/apiclient.h"
#include "tests/support/fakemaster.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestStatisticsSession : public QObject
{
    Q_OBJECT
    std::unique_ptr<tests::FakeMaster> m_master;
    std::unique_ptr<api::ApiClient> m_client;
    std::unique_ptr<StatisticsSession> m_session;

    QList<JobId> addFailed(int first, int count)
    {
        QList<JobId> ids;
        for (int number = first; number < first + count; ++number) {
            Job job;
            job.id = JobId(u"job%1"_s.arg(number, 6, 10, '0'_L1));
            job.number = number;
            job.pipeline = u"web"_s;
            job.state = JobState::Failure;
            m_master->setJob(job);
            Step step;
            step.number = StepNumber(1);
            step.name = u"test"_s;
            step.state = StepState::Finished;
            step.outcome = StepOutcome{OutcomeKind::Exited, 3, 0, seconds(1), {}};
            m_master->setStep(job.id, step);
            ids.append(job.id);
        }
        return ids;
    }
    int asked(const JobId &job) const
    {
        return m_master->count("GET", protocol::pathOf(protocol::RouteId::Job, {job.value()}));
    }

private slots:
    void init()
    {
        m_master = std::make_unique<tests::FakeMaster>();
        m_client =
            std::make_unique<api::ApiClient>(api::endpointFromText(m_master->url().toString(), Secret("t")).value());
        m_session = std::make_unique<StatisticsSession>(*m_client);
    }
    void cleanup()
    {
        m_session.reset();
        m_client.reset();
        m_master.reset();
    }

    void asksForEachJobOnce()
    {
        const QList<JobId> jobs = addFailed(1, 12);
        m_session->want(jobs.first(8));
        QCOMPARE(m_session->missing(), 8);
        QTRY_COMPARE(m_session->known(jobs).size(), 8);
        m_session->want(jobs); // four of them are new
        QCOMPARE(m_session->missing(), 4);
        QTRY_COMPARE(m_session->missing(), 0);
        QCOMPARE(m_session->known(jobs).size(), 12);
        for (const JobId &job : jobs)
            QCOMPARE(asked(job), 1);
        QCOMPARE(failingSteps(m_session->known(jobs)).value(0).jobs, 12);
    }
    void anotherWishEndsTheFirst()
    {
        const QList<JobId> first = addFailed(1, 40);
        const QList<JobId> second = addFailed(100, 3);
        m_session->want(first);
        m_session->want(second);
        QTRY_COMPARE(m_session->missing(), 0);
        QCOMPARE(m_session->known(second).size(), 3);
        int askedOfFirst = 0;
        for (const JobId &job : first)
            askedOfFirst += asked(job);
        QVERIFY2(askedOfFirst <= StatisticsSession::mostAtOnce, qPrintable(QString::number(askedOfFirst)));
    }
    void aJobThatIsGoneIsNoProblem()
    {
        QList<JobId> jobs = addFailed(1, 2);
        jobs.append(JobId(u"job999999"_s));
        m_session->want(jobs);
        QTRY_COMPARE(m_session->missing(), 0);
        QCOMPARE(m_session->problem(), QString());
        QCOMPARE(m_session->known(jobs).size(), 3);
    }
    void aMasterThatFailsIsAskedAgainOnlyByRetry()
    {
        const QList<JobId> jobs = addFailed(1, 20);
        m_master->refuseAll(503);
        m_session->want(jobs);
        QTRY_VERIFY(!m_session->problem().isEmpty());
        QTRY_COMPARE(m_session->missing(), 0);
        const qsizetype before = m_master->requests().size();
        m_master->refuseAll(std::nullopt);
        m_session->want(jobs); // the same wish
        QCOMPARE(m_session->missing(), 0);
        QCOMPARE(m_master->requests().size(), before);
        m_session->retry();
        QCOMPARE(m_session->problem(), QString());
        QTRY_COMPARE(m_session->known(jobs).size(), 20);
    }
};

QTEST_GUILESS_MAIN(TestStatisticsSession)
#include "tst_statisticssession.moc"
