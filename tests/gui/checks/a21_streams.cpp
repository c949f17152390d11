// SPDX-License-Identifier: GPL-3.0-or-later
// A21: eight logs open at once over HTTP/1.1: REST answers at once, the logs above the cap say that they wait, and each
// has its turn.
#include "console/app/jobpage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "shared/api/apiclient.h"
#include "tests/gui/sample.h"

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int logs = 8;

JobId idOf(int number)
{
    return JobId(u"job%1"_s.arg(number, 6, 10, QLatin1Char('0')));
}

} // namespace

class CheckA21 : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    QList<JobPage *> m_pages;

    int waiting() const
    {
        return int(std::ranges::count_if(
            m_pages, [](const JobPage *page) { return page->logPane()->notice().contains(u"Waiting"_s); }));
    }
    bool reads(int number) const { return m_pages[number - 1]->logPane()->view()->document()->bytes() > 0; }

private slots:
    void init()
    {
        m_sample = std::make_unique<Sample>();
        m_pages.clear();
        for (int number = 1; number <= logs; ++number) {
            m_sample->master.setJob(sampleJob(number, u"long"_s, JobState::Running));
            m_sample->print(idOf(number), 1, "first");
        }
        m_sample->window->show();
        MasterSession *session = m_sample->connectWindow().value();
        QTRY_COMPARE(session->connection().state, ConnectionState::Live);
        for (int number = 1; number <= logs; ++number) {
            m_sample->window->openJob(*session, idOf(number));
            m_pages.append(m_sample->window->jobPage());
            QTRY_VERIFY(reads(number)); // the one that is looked at is never the one that waits
        }
    }
    void cleanup() { m_sample.reset(); }

    void thoseAboveTheCapSayThatTheyWait()
    {
        QTRY_COMPARE(waiting(), logs - MasterSession::mostLogStreams);
        QVERIFY(m_pages[0]->logPane()->notice().contains(u"Waiting"_s));
        QVERIFY(m_pages[logs - 1]->logPane()->notice().isEmpty());
    }
    void restAnswersMeanwhile()
    {
        api::ApiClient client(api::endpointFromText(m_sample->master.url().toString(), Secret("token")).value());
        for (int i = 0; i < 5; ++i) {
            std::optional<bool> answered;
            QElapsedTimer time;
            time.start();
            client.jobs({}, this, [&](const Result<protocol::JobPage> &page) { answered = page.has_value(); });
            QTRY_VERIFY_WITH_TIMEOUT(answered.has_value(), 20'000);
            QVERIFY(*answered);
            qInfo("REST answered after %lld ms", time.elapsed());
        }
        // The window's own calls, too: what a click asks for comes.
        const int before = m_sample->master.count("POST", u"/api/v1/jobs/job000008/cancel"_s);
        m_sample->window->actions().action("job.cancel"_L1)->trigger();
        QTRY_COMPARE(m_sample->master.count("POST", u"/api/v1/jobs/job000008/cancel"_s), before + 1);
        QTRY_COMPARE(m_pages[logs - 1]->job().state, JobState::Cancelled);
    }
    void lookingAtOneGivesItsTurn()
    {
        m_sample->print(idOf(1), 1, "second");
        QTest::qWait(100);
        QCOMPARE(m_pages[0]->logPane()->view()->document()->lineCount(), int64_t(1));
        m_sample->window->tabs()->setCurrentWidget(m_pages[0]);
        QTRY_COMPARE(m_pages[0]->logPane()->view()->document()->lineCount(), int64_t(2));
        QTRY_VERIFY(m_pages[0]->logPane()->notice().isEmpty());
        QTRY_COMPARE(waiting(), logs - MasterSession::mostLogStreams);
    }
    void anEndedLogGivesItsTurnAway()
    {
        for (int number = 3; number <= 4; ++number) {
            Job job = sampleJob(number, u"long"_s, JobState::Success);
            m_sample->master.setJob(job);
            m_sample->master.endLog(job.id, JobState::Success);
        }
        QTRY_COMPARE(waiting(), 0);
        m_sample->print(idOf(1), 1, "second");
        QTRY_COMPARE(m_pages[0]->logPane()->view()->document()->lineCount(), int64_t(2));
    }
    void aClosedPageGivesItsTurnAway()
    {
        QTRY_COMPARE(waiting(), 2);
        for (int i = 0; i < 2; ++i)
            m_sample->window->actions().action("app.closeTab"_L1)->trigger();
        m_pages.resize(logs - 2);
        QTRY_COMPARE(waiting(), 0);
    }
};

QTEST_MAIN(CheckA21)
#include "a21_streams.moc"
