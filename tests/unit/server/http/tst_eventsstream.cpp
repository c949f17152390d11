// SPDX-License-Identifier: GPL-3.0-or-later
// The stream of job and step events: resumed exactly, or said to have a gap.
#include "tests/unit/server/http/streamclient.h"

#include <random>

using namespace danube;
using namespace danube::test;

class TestEventsStream : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_fixture = std::make_unique<HttpFixture>();
        m_job = m_fixture->addJob(u"job1"_s);
    }
    void cleanup() { m_fixture.reset(); }

    void streamsOnAKeptConnection()
    {
        RawClient client(m_fixture->port);
        client.send(HttpFixture::get("/health"));
        QCOMPARE(client.answers(1), QList{200});
        client.send(HttpFixture::get("/api/v1/events/stream"));
        QVERIFY(client.waitFor("retry: 2000"));
    }

    void tellsJobAndStepEvents()
    {
        StreamClient client(m_fixture->port, "/api/v1/events/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("retry"));
        m_fixture->server.jobChanged(m_job);
        Step step;
        step.number = StepNumber(3);
        m_fixture->server.stepChanged(m_job.id, step);
        QVERIFY(client.takeCount(2));
        QCOMPARE(client.events[0].event, "job");
        QCOMPARE(QJsonDocument::fromJson(client.events[0].data).object().value("id"_L1).toString(), u"job1"_s);
        QCOMPARE(client.events[1].event, "step");
        const auto body = QJsonDocument::fromJson(client.events[1].data).object();
        QCOMPARE(body.value("job_id"_L1).toString(), u"job1"_s);
        QCOMPARE(body.value("number"_L1).toInt(), 3);
    }
    void tellsReportsTogetherAndStatesAtOnce()
    {
        StreamClient client(m_fixture->port, "/api/v1/events/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("retry"));
        const auto tell = [this](JobState state, const QString &message) {
            m_job.state = state;
            m_job.message = message;
            m_fixture->server.jobChanged(m_job);
        };
        const auto messageOf = [](const protocol::SseEvent &event) {
            return QJsonDocument::fromJson(event.data).object().value("message"_L1).toString();
        };
        tell(JobState::Running, {});
        for (int i = 0; i < 1000; ++i)
            tell(JobState::Running, QString::number(i));
        QVERIFY(client.takeCount(2));
        QCOMPARE(messageOf(client.events[1]), u"999"_s);
        tell(JobState::Running, u"almost"_s);
        tell(JobState::Success, u"done"_s);
        QTest::qWait(300); // what would come after the end
        client.takeAll();
        QCOMPARE(client.events.size(), 3);
        QCOMPARE(messageOf(client.events[2]), u"done"_s);
    }
    void resumesEventsExactly()
    {
        StreamClient client(m_fixture->port, "/api/v1/events/stream");
        std::mt19937 random(3);
        client.connectAgain();
        QVERIFY(client.take(5)); // cut before the first id: nothing has happened yet, so nothing is missed
        QVERIFY(client.raw().waitFor("id: "));
        client.takeAll();
        for (int i = 1; i <= 300; ++i) {
            m_job.number = i;
            m_job.id = JobId(u"job%1"_s.arg(i));
            m_fixture->server.jobChanged(m_job);
            if (i % 3)
                continue;
            client.connectAgain();
            client.take(static_cast<qsizetype>(random() % 900));
        }
        client.connectAgain();
        QVERIFY(client.takeCount(300));
        QCOMPARE(client.events.size(), 300);
        for (int i = 0; i < 300; ++i)
            QCOMPARE(QJsonDocument::fromJson(client.events[i].data).object().value("number"_L1).toInt(), i + 1);
    }
    void tellsWhenEventsWereMissed_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("of another master") << QByteArray("0000abcd:5");
        QTest::newRow("nonsense") << QByteArray("x");
        QTest::newRow("fallen off the ring") << QByteArray("kept");
    }
    void tellsWhenEventsWereMissed()
    {
        QFETCH(QByteArray, id);
        http::HttpLimits limits;
        limits.eventRing = 10;
        m_fixture = std::make_unique<HttpFixture>(limits);
        StreamClient client(m_fixture->port, "/api/v1/events/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("id: "));
        client.takeAll();
        for (int i = 0; i < 8; ++i) {
            m_job.id = JobId(u"job%1"_s.arg(i));
            m_fixture->server.jobChanged(m_job);
            QVERIFY(client.takeCount(i + 1));
        }
        const QByteArray old = client.events.first().id;
        for (int i = 8; i < 16; ++i) {
            m_job.id = JobId(u"job%1"_s.arg(i));
            m_fixture->server.jobChanged(m_job);
            QVERIFY(client.takeCount(i + 1));
        }
        StreamClient late(m_fixture->port, "/api/v1/events/stream");
        late.startFrom(id == "kept" ? old : id);
        late.connectAgain();
        QVERIFY(late.takeUntil("gap"));
        QCOMPARE(late.events.size(), 1);
        m_job.id = JobId(u"late"_s);
        m_fixture->server.jobChanged(m_job);
        QVERIFY(late.takeUntil("job"));
        QCOMPARE(late.events.size(), 2);
    }

private:
    std::unique_ptr<HttpFixture> m_fixture;
    Job m_job;
};

QTEST_GUILESS_MAIN(TestEventsStream)
#include "tst_eventsstream.moc"
