// SPDX-License-Identifier: GPL-3.0-or-later
// Log and event streams over the real server: exact for every byte, whatever is cut, and bounded for whoever is slow.
#include "shared/protocol/logline.h"
#include "shared/protocol/sse.h"
#include "tests/unit/server/http/httpfixture.h"

#include <random>

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;
using protocol::LogLine;
using protocol::SseEvent;

namespace {

constexpr auto stdoutStream = LogStream::Stdout;
constexpr auto stderrStream = LogStream::Stderr;

/// An EventSource that can be cut after any byte and goes on by Last-Event-ID.
class StreamClient
{
public:
    StreamClient(quint16 port, QByteArray target) : m_port(port), m_target(std::move(target)) {}

    void connectAgain()
    {
        m_parser.reset();
        m_used = 0;
        m_raw = std::make_unique<RawClient>(m_port);
        const QByteArray id = m_parser.lastEventId();
        m_raw->send(HttpFixture::get(m_target, id.isEmpty() ? QByteArray() : "Last-Event-ID: " + id + "\r\n"));
    }
    /// Waits for the head, then takes at most `bytes` of the body when they are there.
    bool take(qsizetype bytes)
    {
        const auto body = [this] { return m_raw->received.indexOf("\r\n\r\n") + 4; };
        const bool came =
            waitUntil([&] { return (body() > 3 && m_raw->received.size() >= body() + m_used + bytes) || isClosed(); });
        if (body() <= 3)
            return false;
        status = m_raw->received.mid(9, 3).toInt();
        const auto part = m_raw->received.mid(body() + m_used, bytes);
        m_used += part.size();
        const auto parsed = m_parser.feed(part);
        if (!parsed)
            qFatal("no valid event stream: %s", qPrintable(parsed.error().message));
        events += *parsed;
        return came;
    }
    /// Takes what comes until an event of this name is there.
    bool takeUntil(const QByteArray &name, int timeout = 5000)
    {
        return waitUntil(
            [&] {
                if (m_raw->received.contains("\r\n\r\n"))
                    takeAll();
                return std::ranges::contains(events, name, &SseEvent::event);
            },
            timeout);
    }
    bool takeCount(qsizetype count, int timeout = 5000)
    {
        return waitUntil(
            [&] {
                if (m_raw->received.contains("\r\n\r\n"))
                    takeAll();
                return events.size() >= count;
            },
            timeout);
    }
    void takeAll()
    {
        const auto body = m_raw->received.indexOf("\r\n\r\n") + 4;
        if (const auto there = m_raw->received.size() - body - m_used; there > 0)
            take(there);
    }
    bool isClosed() { return m_raw->socket().state() == QAbstractSocket::UnconnectedState; }
    bool closedByServer(int timeout = 5000)
    {
        return waitUntil([this] { return isClosed(); }, timeout);
    }
    bool isEnded() const { return !events.isEmpty() && events.last().event == "end"; }
    const protocol::SseParser &parser() const { return m_parser; }
    RawClient &raw() { return *m_raw; }
    void startFrom(const QByteArray &id) { m_parser.setLastEventId(id); }

    /// Per step and stream, what the lines say was printed.
    QMap<std::pair<uint32_t, int>, QByteArray> printed() const
    {
        QMap<std::pair<uint32_t, int>, QByteArray> out;
        for (const SseEvent &event : events) {
            if (!event.event.isEmpty())
                continue;
            const auto line = protocol::logLineFromJson(event.data);
            if (!line)
                qFatal("no log line: %s", event.data.constData());
            out[{toInt(line->step), static_cast<int>(line->stream)}] += line->printed();
        }
        return out;
    }

    QList<SseEvent> events;
    int status = 0;

private:
    quint16 m_port;
    QByteArray m_target;
    protocol::SseParser m_parser;
    std::unique_ptr<RawClient> m_raw;
    qsizetype m_used = 0;
};

/// Output as programs print it: text, ESC, CR, NUL, invalid UTF-8, cut lines.
class Printer
{
public:
    explicit Printer(TestLog &log) : m_log(log) {}
    void print(int count)
    {
        for (int i = 0; i < count; ++i) {
            const auto step = static_cast<StepNumber>(m_random() % 3);
            const LogStream stream = m_random() % 2 ? stdoutStream : stderrStream;
            QByteArray text(static_cast<qsizetype>(m_random() % 60), Qt::Uninitialized);
            for (char &c : text)
                c = pick();
            if (m_random() % 8)
                text += '\n';
            if (text.isEmpty())
                continue;
            m_log.print(step, stream, text);
            printed[{toInt(step), static_cast<int>(stream)}] += text;
        }
    }
    QMap<std::pair<uint32_t, int>, QByteArray> printed;

private:
    char pick()
    {
        static const QByteArray special("\r\x1b\0\xff\xc3\n\"\\\t", 9);
        return m_random() % 4 ? static_cast<char>('a' + m_random() % 26)
                              : special[static_cast<qsizetype>(m_random() % 9)];
    }
    TestLog &m_log;
    std::mt19937 m_random{42};
};

} // namespace

class TestSseStream : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_fixture = std::make_unique<HttpFixture>();
        m_job = m_fixture->addJob(u"job1"_s);
    }
    void cleanup() { m_fixture.reset(); }

    void isExactOverManyReconnects_data()
    {
        QTest::addColumn<bool>("live");
        QTest::newRow("while it grows") << true;
        QTest::newRow("after the end") << false;
    }
    void isExactOverManyReconnects()
    {
        QFETCH(bool, live);
        const auto log = m_fixture->makeLog(m_job);
        Printer printer(*log);
        int rounds = 100;
        const auto grow = [&] {
            printer.print(40);
            if (--rounds == 0)
                m_fixture->end(m_job, log.get());
            m_fixture->server.logChanged(m_job.id);
        };
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
            if (rounds > 0)
                grow();
        });
        while (!live && rounds > 0)
            grow();
        timer.start(5);
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream?format=json");
        std::mt19937 random(7);
        int reconnects = 0;
        for (; !client.isEnded() && reconnects < 2000; ++reconnects) {
            client.connectAgain();
            client.take(static_cast<qsizetype>(random() % 9000));
        }
        QVERIFY2(client.isEnded(), "no end");
        QVERIFY2(reconnects >= 200, QByteArray::number(reconnects));
        QVERIFY(!std::ranges::contains(client.events, QByteArray("gap"), &SseEvent::event));
        QCOMPARE(client.printed().keys(), printer.printed.keys());
        for (const auto &[key, bytes] : printer.printed.asKeyValueRange())
            QVERIFY2(client.printed().value(key) == bytes, "a stream differs");
        const auto end = QJsonDocument::fromJson(client.events.last().data).object();
        QCOMPARE(end.value("status"_L1).toString(), u"success"_s);
        QCOMPARE(end.value("bytes"_L1).toInteger(), log->size());
        QFile file(m_fixture->logs.filePath(u"job1.log"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray digest = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
        QCOMPARE(end.value("sha256"_L1).toString().toLatin1(), digest.toHex());
    }
    void endsForGood()
    {
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), stdoutStream, "a\n");
        m_fixture->end(m_job, log.get(), JobState::Failure);
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.closedByServer());
        client.takeAll();
        QCOMPARE(client.status, 200);
        QVERIFY(client.isEnded());
        QCOMPARE(client.parser().lastEventId(), "1:2:end");
        QCOMPARE(client.parser().retry(), 2000ms);
        client.connectAgain();
        QCOMPARE(client.raw().answers(1), QList{204});
        QVERIFY(!client.raw().received.toLower().contains("content-length"));
    }
    void goesOnAfterAMasterRestart()
    {
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), stdoutStream, "one\ntwo\n");
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.takeCount(2));
        m_fixture->server.logChanged(m_job.id);

        HttpFixture next;
        next.addJob(u"job1"_s);
        const auto sameLog = next.makeLog(m_job);
        sameLog->print(StepNumber(1), stdoutStream, "one\ntwo\nthree\n");
        StreamClient resumed(next.port, "/api/v1/jobs/job1/logs/stream");
        resumed.startFrom(client.parser().lastEventId());
        resumed.connectAgain();
        QVERIFY(resumed.takeCount(1));
        QCOMPARE(resumed.events.first().data, "three");
    }
    void tellsAGap_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<bool>("gap");
        QTest::addColumn<QByteArray>("first");
        QTest::newRow("same generation") << QByteArray("2:4") << false << QByteArray("two");
        QTest::newRow("older generation") << QByteArray("1:4") << true << QByteArray("two");
        QTest::newRow("older and further") << QByteArray("1:99") << true << QByteArray();
        QTest::newRow("end that was cut") << QByteArray("1:99:end") << true << QByteArray();
        QTest::newRow("further than the log") << QByteArray("2:99") << true << QByteArray();
        QTest::newRow("the very start") << QByteArray("1:0") << false << QByteArray("one");
        QTest::newRow("nonsense starts over") << QByteArray("nonsense") << false << QByteArray("one");
    }
    void tellsAGap()
    {
        QFETCH(QByteArray, id);
        QFETCH(bool, gap);
        QFETCH(QByteArray, first);
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), stdoutStream, "one\ntwo\n");
        log->print(StepNumber(1), stdoutStream, "lost\n");
        log->crash(2);
        m_fixture->end(m_job, log.get());
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.startFrom(id);
        client.connectAgain();
        QVERIFY(client.takeUntil("end"));
        QCOMPARE(client.events.first().event == "gap", gap);
        if (gap) {
            const auto body = QJsonDocument::fromJson(client.events.first().data).object();
            QCOMPARE(body.value("to"_L1).toInteger(), first.isEmpty() ? 8 : 4);
            QCOMPARE(client.events.first().id, first.isEmpty() ? "2:8" : "2:4");
        }
        QCOMPARE(client.events.value(gap ? 1 : 0).data == first, !first.isEmpty());
    }
    void startsWhereTheQuerySays()
    {
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), stdoutStream, "one\ntwo\n");
        for (const QByteArray from : {"4", "1:4", "1%3A4"}) {
            StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream?from=" + from);
            client.connectAgain();
            QVERIFY(client.takeCount(1));
            QCOMPARE(client.events.first().data, "two");
            QCOMPARE(client.events.first().id, "1:8");
        }
    }
    void showsLinesPlainly_data()
    {
        QTest::addColumn<QByteArray>("printed");
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("text") << QByteArray("hello\n") << QByteArray("hello");
        QTest::newRow("CR") << QByteArray("10%\r20%\n") << QByteArray("10%\\r20%");
        QTest::newRow("injected field") << QByteArray("a\rid: 9\n") << QByteArray("a\\rid: 9");
        QTest::newRow("ESC") << QByteArray("\x1b[1mx\n") << QByteArray("\x1b[1mx");
        QTest::newRow("blank first") << QByteArray("  x\n") << QByteArray("  x");
        QTest::newRow("invalid UTF-8") << QByteArray("a\xff\n") << QByteArray("a\xef\xbf\xbd");
        QTest::newRow("colon first") << QByteArray(": x\n") << QByteArray(": x");
    }
    void showsLinesPlainly()
    {
        QFETCH(QByteArray, printed);
        QFETCH(QByteArray, data);
        m_fixture->makeLog(m_job)->print(StepNumber(1), stdoutStream, printed);
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.takeCount(1));
        QCOMPARE(client.events.first().data, data);
        QCOMPARE(client.events.first().id, "1:" + QByteArray::number(printed.size()));
    }
    void saysWhatAnEventSourceNeeds()
    {
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("retry: 2000\n\n"));
        const auto answer = HttpFixture::parse(client.raw().received);
        QCOMPARE(answer.headers.value("content-type"), "text/event-stream; charset=utf-8");
        QCOMPARE(answer.headers.value("cache-control"), "no-store");
        QCOMPARE(answer.headers.value("x-accel-buffering"), "no");
    }
    void leavesOutOtherSteps()
    {
        const auto log = m_fixture->makeLog(m_job);
        for (int i = 0; i < 3000; ++i)
            log->print(StepNumber(2), stdoutStream, QByteArray(99, 'x') + '\n');
        log->print(StepNumber(1), stdoutStream, "mine\n");
        log->print(StepNumber(1), stderrStream, "not mine\n");
        m_fixture->end(m_job, log.get());
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream?step=1&stream=stdout");
        client.connectAgain();
        QVERIFY(client.takeUntil("end"));
        QCOMPARE(client.events.size(), 2);
        QCOMPARE(client.events.first().data, "mine");
    }
    void takesLinesOfAnyLength()
    {
        const auto log = m_fixture->makeLog(m_job);
        const QByteArray line(1 << 20, 'y');
        log->print(StepNumber(1), stdoutStream, "a\n" + line + "\nb\n");
        m_fixture->end(m_job, log.get());
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream?format=json");
        client.connectAgain();
        QVERIFY(client.takeUntil("end"));
        client.events.removeLast();
        QCOMPARE(client.printed().size(), 1);
        QVERIFY(client.printed().first() == "a\n" + line + "\nb\n");
    }
    void endsWithoutALog()
    {
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("retry"));
        m_fixture->end(m_job, nullptr, JobState::Cancelled);
        QVERIFY(client.takeUntil("end"));
        QCOMPARE(client.parser().lastEventId(), "0:0:end");
        client.connectAgain();
        QCOMPARE(client.raw().answers(1), QList{204});
    }
    void waitsForTheSeal()
    {
        const auto log = m_fixture->makeLog(m_job);
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream");
        client.connectAgain();
        QVERIFY(client.raw().waitFor("retry"));
        m_fixture->end(m_job, nullptr);
        log->print(StepNumber(1), stdoutStream, "last\n");
        m_fixture->server.logChanged(m_job.id);
        QVERIFY(client.takeCount(1));
        QVERIFY(!client.isEnded());
        log->close();
        m_fixture->server.logChanged(m_job.id);
        QVERIFY(client.takeUntil("end"));
    }
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
            log->print(StepNumber(1), stdoutStream, bulk.repeated(20));
            m_fixture->server.logChanged(m_job.id);
            QCoreApplication::processEvents();
        }
        for (const auto &client : clients)
            QVERIFY(client->takeCount(200));
        log->print(StepNumber(1), stdoutStream, bulk.repeated(30'000)); // more than socket buffers hold
        m_fixture->server.logChanged(m_job.id);
        clients.resize(1);
        QVERIFY(clients.front()->takeCount(30'200, 20'000));
        QVERIFY2(waitUntil([&] { return clientCount() == 1; }), "the stuck client is still there");
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
            m_fixture->server.jobChanged(m_job);
            QVERIFY(client.takeCount(i + 1));
        }
        const QByteArray old = client.events.first().id;
        for (int i = 8; i < 16; ++i) {
            m_fixture->server.jobChanged(m_job);
            QVERIFY(client.takeCount(i + 1));
        }
        StreamClient late(m_fixture->port, "/api/v1/events/stream");
        late.startFrom(id == "kept" ? old : id);
        late.connectAgain();
        QVERIFY(late.takeUntil("gap"));
        QCOMPARE(late.events.size(), 1);
        m_fixture->server.jobChanged(m_job);
        QVERIFY(late.takeUntil("job"));
        QCOMPARE(late.events.size(), 2);
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

QTEST_GUILESS_MAIN(TestSseStream)
#include "tst_ssestream.moc"
