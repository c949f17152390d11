// SPDX-License-Identifier: GPL-3.0-or-later
// Streams are bounded: slow, silent and too many clients.
#include "tests/unit/server/http/streamclient.h"

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;

class TestSseBounds : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_fixture = std::make_unique<HttpFixture>();
        m_job = m_fixture->addJob(u"job1"_s);
    }
    void cleanup() { m_fixture.reset(); }

    void feedsManyClientsWhileOneIsStuck()
    {
        http::HttpLimits limits;
        limits.streamStallTime = 600ms;
        m_fixture = std::make_unique<HttpFixture>(limits);
        m_job = m_fixture->addJob(u"job1"_s);
        const auto log = m_fixture->makeLog(m_job);
        RawClient stuck(m_fixture->port);
        stuck.socket().setReadBufferSize(4096);
        QObject::disconnect(&stuck.socket(), &QTcpSocket::readyRead, nullptr, nullptr);
        stuck.send(HttpFixture::get("/api/v1/jobs/job1/logs/stream?format=json"));
        std::vector<std::unique_ptr<StreamClient>> clients;
        for (int i = 0; i < 150; ++i) {
            clients.push_back(std::make_unique<StreamClient>(m_fixture->port, "/api/v1/jobs/job1/logs/stream"));
            clients.back()->connectAgain();
        }
        QVERIFY(waitUntil([&] { return clientCount() == 151; }));
        const QByteArray bulk = QByteArray(999, 'z').append('\n');
        for (int i = 0; i < 10; ++i) {
            log->print(StepNumber(1), LogStream::Stdout, bulk.repeated(20));
            m_fixture->server.logChanged(m_job.id);
            QCoreApplication::processEvents();
        }
        for (const auto &client : clients)
            QVERIFY(client->takeCount(200));
        log->print(StepNumber(1), LogStream::Stdout, bulk.repeated(30'000)); // more than socket buffers hold
        m_fixture->server.logChanged(m_job.id);
        clients.resize(1);
        QVERIFY(clients.front()->takeCount(30'200, 20'000));
        QVERIFY2(waitUntil([&] { return clientCount() == 1; }), "the stuck client is still there");
    }
    void givesAClientNoMoreThanItsRate()
    {
        constexpr qint64 rate = 200 << 10;
        http::HttpLimits limits;
        limits.streamRate = rate;
        m_fixture = std::make_unique<HttpFixture>(limits);
        m_job = m_fixture->addJob(u"job1"_s);
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), LogStream::Stdout, QByteArray(999, 'z').append('\n').repeated(300));
        QElapsedTimer timer;
        timer.start();
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.takeCount(300, 30'000));
        // Load makes it slower, never faster; the first quarter of a second is given at once.
        QVERIFY2(timer.elapsed() >= 300'000 * 1000 / rate - 300, qPrintable(QString::number(timer.elapsed())));
        m_fixture->end(m_job, log.get());
        QVERIFY(client.takeUntil("end", 30'000));
    }
    void keepsSilentStreamsAlive()
    {
        http::HttpLimits limits;
        limits.heartbeat = 250ms;
        m_fixture = std::make_unique<HttpFixture>(limits);
        m_fixture->addJob(u"job1"_s);
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(waitUntil([&] {
            if (client.raw().received.contains("\r\n\r\n"))
                client.takeAll();
            return client.parser().comments() >= 2;
        }));
    }
    void refusesStreamsBeyondTheBound()
    {
        http::HttpLimits limits;
        limits.streams = 2;
        m_fixture = std::make_unique<HttpFixture>(limits);
        std::vector<std::unique_ptr<StreamClient>> clients;
        for (int i = 0; i < 2; ++i) {
            clients.push_back(std::make_unique<StreamClient>(m_fixture->port, "/api/v1/events/stream"));
            clients.back()->connectAgain();
            QVERIFY(clients.back()->raw().waitFor("retry"));
        }
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/events/stream")).status, 503);
        clients.clear();
        QVERIFY(waitUntil([&] { return clientCount() == 0; }));
    }

private:
    int clientCount()
    {
        const QByteArray text = m_fixture->metrics.text();
        const auto at = text.indexOf("\ndanube_sse_clients ");
        return text.mid(at + 20).split('\n').first().toInt();
    }
    std::unique_ptr<HttpFixture> m_fixture;
    Job m_job;
};

QTEST_GUILESS_MAIN(TestSseBounds)
#include "tst_ssebounds.moc"
