// SPDX-License-Identifier: GPL-3.0-or-later
// Log and event streams over the real server: exact for every byte, whatever is cut, and bounded for whoever is slow.
#include "tests/unit/server/http/streamclient.h"

#include <random>

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;
using protocol::SseEvent;

namespace {

constexpr auto stdoutStream = LogStream::Stdout;
constexpr auto stderrStream = LogStream::Stderr;

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
        QCOMPARE(client.raw().received.contains("event: gap\n"), gap);
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

private:
    std::unique_ptr<HttpFixture> m_fixture;
    Job m_job;
};

QTEST_GUILESS_MAIN(TestSseStream)
#include "tst_ssestream.moc"
