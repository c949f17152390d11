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
        constexpr int lines = 200;
        constexpr int more = 16'000; // more than the sockets of both ends hold
        http::HttpLimits limits;
        limits.streamStallTime = 4s; // the others read in the thread of the test, which may be slow
        m_fixture = std::make_unique<HttpFixture>(limits);
        m_job = m_fixture->addJob(u"job1"_s);
        const auto log = m_fixture->makeLog(m_job);
        StreamClient stuck(m_fixture->port, target);
        stuck.connectAgain();
        stuck.raw().socket().setReadBufferSize(4096);
        QObject::disconnect(&stuck.raw().socket(), &QTcpSocket::readyRead, nullptr, nullptr);
        std::vector<std::unique_ptr<StreamClient>> clients;
        for (int i = 0; i < 150; ++i) {
            clients.push_back(std::make_unique<StreamClient>(m_fixture->port, target));
            clients.back()->connectAgain();
        }
        QVERIFY(waitUntil([&] { return clientCount() == 151; }));
        QByteArray printed = numbered(0, lines);
        for (int i = 0; i < 10; ++i) {
            log->print(StepNumber(1), LogStream::Stdout, numbered(lines / 10 * i, lines / 10));
            m_fixture->server.logChanged(m_job.id);
            QCoreApplication::processEvents();
        }
        for (const auto &client : clients)
            QVERIFY(client->takeCount(lines));
        clients.resize(5); // who takes all of the bulk while one takes nothing of it
        log->print(StepNumber(1), LogStream::Stdout, numbered(lines, more));
        printed += numbered(lines, more);
        m_fixture->server.logChanged(m_job.id);
        for (const auto &client : clients) {
            QVERIFY(client->takeCount(lines + more, 60'000));
            QVERIFY(printedBy(*client) == printed);
        }
        QVERIFY2(waitUntil([&] { return clientCount() == 5; }, 30'000), "the stuck client is still there");
        // What was on its way to it when it was cut it may still read; then it goes on by the id of that.
        stuck.raw().socket().setReadBufferSize(0);
        stuck.raw().received += stuck.raw().socket().readAll();
        stuck.takeAll();
        QVERIFY(stuck.events.size() < more);
        stuck.connectAgain();
        QVERIFY(stuck.takeCount(lines + more, 60'000));
        QVERIFY(printedBy(stuck) == printed);
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
        const HttpAnswer refused = m_fixture->ask(HttpFixture::get("/api/v1/events/stream"));
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.json().value("detail"_L1).toString(), u"too many streams are open"_s);
        clients.clear();
        QVERIFY(waitUntil([&] { return clientCount() == 0; }));
    }

private:
    static constexpr auto target = "/api/v1/jobs/job1/logs/stream?format=json";

    /// `count` lines of a kilobyte, each with its number.
    static QByteArray numbered(int from, int count)
    {
        QByteArray text;
        for (int number = from; number < from + count; ++number)
            text += QByteArray::number(number).rightJustified(999, 'z') + '\n';
        return text;
    }
    static QByteArray printedBy(const StreamClient &client)
    {
        return client.printed().value({1U, static_cast<int>(LogStream::Stdout)});
    }
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
