// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/session.h"

#include "tests/support/fakemaster.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::api;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestSession : public QObject
{
    Q_OBJECT

    static EventStream::Settings quickSettings()
    {
        EventStream::Settings settings;
        settings.backoffBase = 10ms;
        settings.firstRetry = 1ms;
        settings.quiet = 10ms;
        return settings;
    }

private slots:
    void tellsChangesOfJobsAndSteps()
    {
        FakeMaster master;
        Session session({master.url(), nullptr}, quickSettings());
        QList<Job> jobs;
        QList<Step> steps;
        connect(&session, &Session::jobChanged, this, [&](const Job &job) { jobs.append(job); });
        connect(&session, &Session::stepChanged, this, [&](const JobId &, const Step &step) { steps.append(step); });
        session.start();
        QTRY_COMPARE(session.state(), Session::State::Live);
        Job job;
        job.id = JobId(u"j1"_s);
        job.state = JobState::Running;
        Step step;
        step.number = StepNumber(2);
        step.name = u"test"_s;
        master.setJob(job);
        master.setStep(job.id, step);
        step.job = job.id;
        QTRY_COMPARE(steps, QList{step});
        QCOMPARE(jobs, QList{job});
    }

    void asksForTheListsAgainAfterEachConnection()
    {
        FakeMaster master;
        Session session({master.url(), nullptr}, quickSettings());
        QSignalSpy resync(&session, &Session::resyncNeeded);
        session.start();
        QTRY_COMPARE(resync.size(), 1);
        master.server().closeConnections();
        QTRY_COMPARE(resync.size(), 2);
        master.events().append({"e:9", protocol::resetEventName, "{}"});
        QTRY_COMPARE(resync.size(), 3);
    }

    void ignoresEventsItDoesNotKnow()
    {
        FakeMaster master;
        Session session({master.url(), nullptr}, quickSettings());
        QSignalSpy jobs(&session, &Session::jobChanged);
        master.events().append({"e:1", "policy", "{}"});
        master.events().append({"e:2", "job", "no json"});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"event-ignored"_s));
        Job job;
        job.id = JobId(u"j1"_s);
        master.setJob(job);
        session.start();
        QTRY_COMPARE(jobs.size(), 1);
    }

    void aNewTokenReachesOpenLogs()
    {
        FakeMaster master;
        master.requireToken("right");
        Session session({master.url(), nullptr}, quickSettings());
        master.print(JobId(u"j1"_s), StepNumber(1), "hello");
        QSignalSpy signIn(&session, &Session::signInNeeded);
        EventStream *log = session.openLog(JobId(u"j1"_s), this, {.step = StepNumber(1)});
        QSignalSpy events(log, &EventStream::eventsReceived);
        QSignalSpy logSignIn(log, &EventStream::signInNeeded);
        log->start();
        session.start();
        QTRY_VERIFY(!signIn.isEmpty() && !logSignIn.isEmpty());
        session.setToken(std::make_shared<const Secret>("right"_ba));
        log->start();
        QTRY_COMPARE(events.size(), 1);
        const FakeRequest request = master.requests().last();
        QCOMPARE(request.path, u"/api/v1/jobs/j1/logs/stream"_s);
        QCOMPARE(request.query.queryItemValue(u"format"_s), u"json"_s);
        QCOMPARE(request.query.queryItemValue(u"step"_s), u"1"_s);
        delete log;
        session.setToken(nullptr);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
