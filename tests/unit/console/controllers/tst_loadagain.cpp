// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked for while a master is away comes by itself when it is back.
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "console/controllers/jobsession.h"
#include "console/controllers/mastersession.h"
#include "console/controllers/secretssession.h"
#include "tests/support/fakeblueprint.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesecrets.h"

#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestLoadAgain : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    FakeMaster m_master;
    FakeBlueprint m_blueprint{m_master};
    FakeSecrets m_secrets{m_master};
    FakeClock m_clock;
    std::unique_ptr<MasterSession> m_session;

    void goAway()
    {
        m_master.refuseAll(503);
        m_master.server().closeConnections();
        QTRY_VERIFY(!m_session->isLive());
    }
    void comeBack()
    {
        m_master.refuseAll(std::nullopt);
        m_session->reconnectNow();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->isLive(), 15'000);
    }

private slots:
    void init()
    {
        m_master.events().setHeartbeat(milliseconds(200));
        const LogCache cache(m_folder.path(), 10_MiB);
        m_session =
            MasterSession::open({u"demo"_s, m_master.url().toString()}, Secret("token"), m_clock, cache).value();
        m_session->start();
        QTRY_VERIFY(m_session->isLive());
    }
    void cleanup() { m_session.reset(); }

    void theBlueprintAndItsSurroundings()
    {
        goAway();
        m_session->blueprint().load();
        m_session->egress().load();
        m_session->secrets().load();
        QTRY_VERIFY(!m_session->blueprint().problem().isEmpty() && !m_session->egress().problem().isEmpty() &&
                    !m_session->egress().isLoading() && !m_session->secrets().problem().isEmpty());
        comeBack();
        QTRY_VERIFY(m_session->blueprint().workspace().isLoaded());
        QTRY_VERIFY(m_session->egress().status());
        QTRY_VERIFY(m_session->secrets().isOffered());
        QCOMPARE(m_session->blueprint().problem() + m_session->secrets().problem(), QString());
        QTRY_COMPARE(m_session->egress().problem() + m_session->egress().refusalProblem(), QString());
    }
    void whatIsThereIsNotAskedForAgain()
    {
        m_session->blueprint().load();
        QTRY_VERIFY(m_session->blueprint().workspace().isLoaded());
        m_master.forgetRequests();
        goAway();
        comeBack();
        QCOMPARE(m_master.count("GET", u"/api/v1/blueprint"_s), 0);
    }
    void theRefusalsOfAJob()
    {
        Job job;
        job.id = JobId(u"job000001"_s);
        job.number = 1;
        job.state = JobState::Running;
        m_master.setJob(job);
        const std::unique_ptr<JobSession> open(m_session->openJob(job.id, nullptr).value());
        goAway();
        open->loadRefusals();
        QTRY_VERIFY(!open->refusalsNote().isEmpty());
        comeBack();
        QTRY_COMPARE(open->refusalsNote(), u"Nothing was refused."_s);
    }
};

QTEST_GUILESS_MAIN(TestLoadAgain)
#include "tst_loadagain.moc"
