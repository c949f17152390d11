// SPDX-License-Identifier: GPL-3.0-or-later
// A log after its job: compressed while clients read it, searched, removed.
#include "server/logs/logcompressor.h"
#include "server/logs/logkeeper.h"
#include "shared/protocol/logsearch.h"
#include "tests/unit/server/http/streamclient.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::test;

class TestLogLifecycle : public QObject
{
    Q_OBJECT
    std::unique_ptr<HttpFixture> m_fixture;
    Job m_job;
    QByteArray m_printed;

    HttpAnswer get(const QByteArray &target, const QByteArray &more = {})
    {
        return m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs" + target, more));
    }
    void makeSealedLog(int lines = 20'000)
    {
        const auto log = m_fixture->makeLog(m_job);
        m_printed.clear();
        for (int i = 0; i < lines; ++i)
            m_printed += "line " + QByteArray::number(i) + (i % 7 == 0 ? " with a needle\n" : " of a log\n");
        log->print(StepNumber(1), LogStream::Stdout, m_printed);
        log->print(StepNumber(2), LogStream::Stderr, "last words\n");
        m_fixture->end(m_job, log.get());
    }
    void compress()
    {
        const std::atomic<bool> goOn = false;
        QCOMPARE(logs::compressLog(m_fixture->logs.path(), m_job.id, goOn).value(), logs::Compressed::Done);
    }
    void remove()
    {
        logs::LogKeeper keeper(m_fixture->logs.path(), std::chrono::hours(1), m_fixture->clock);
        bool done = false;
        keeper.remove(m_job.id, this, [&](const Result<void> &result) { done = result.has_value(); });
        QVERIFY(waitUntil([&] { return done; }, 30'000));
    }
    protocol::LogSearchAnswer search(const QByteArray &query)
    {
        const HttpAnswer answer = get("/search?" + query);
        if (answer.status != 200)
            return {.matches = -answer.status};
        return protocol::logSearchAnswerFromJson(answer.body).value_or(protocol::LogSearchAnswer{.matches = -1});
    }

private slots:
    void init()
    {
        m_fixture = std::make_unique<HttpFixture>();
        m_job = m_fixture->addJob(u"job1"_s);
    }
    void cleanup() { m_fixture.reset(); }

    void answersAreTheSameInEitherForm()
    {
        makeSealedLog();
        const QList<std::pair<QByteArray, QByteArray>> requests{
            {"", ""},
            {"", "Range: bytes=100-199\r\n"},
            {"", "Range: bytes=262100-262200\r\n"}, // across two blocks
            {"", "Range: bytes=-50\r\n"},
            {"", "Range: bytes=99999999-\r\n"},
            {"?step=1", ""},
            {"?step=2&stream=stderr", ""},
            {"/search?q=needle&limit=3", ""},
            {"/stream?format=json", ""},
            {"/stream", "Last-Event-ID: 1:262144\r\n"},
        };
        QList<HttpAnswer> before;
        for (const auto &[target, header] : requests)
            before.append(get(target, header));
        QCOMPARE(before[0].body, m_printed + "last words\n");
        compress();
        for (qsizetype i = 0; i < requests.size(); ++i) {
            const HttpAnswer after = get(requests[i].first, requests[i].second);
            QCOMPARE(after.status, before[i].status);
            QCOMPARE(after.body, before[i].body);
            QCOMPARE(after.headers.value("etag"), before[i].headers.value("etag"));
        }
    }
    void aFlippedBitCostsItsBlockAlone()
    {
        makeSealedLog(60'000);
        const QByteArray whole = m_printed + "last words\n";
        compress();
        QVERIFY(tests::flipBitOfBlock(m_fixture->logs.filePath(u"job1.log.zst"_s), 2));
        const auto block = [this](qint64 number) {
            const qint64 from = number * logs::SeekTable::blockSize;
            return get({}, "Range: bytes=" + QByteArray::number(from) + '-' +
                               QByteArray::number(from + logs::SeekTable::blockSize - 1) + "\r\n");
        };
        for (const qint64 good : {0, 1, 3, 4}) {
            const HttpAnswer answer = block(good);
            QCOMPARE(answer.status, 206);
            QCOMPARE(answer.body, whole.mid(good * logs::SeekTable::blockSize, logs::SeekTable::blockSize));
        }
        const QRegularExpression told(u"body-cut error=\"read .*: block 2 is damaged"_s);
        QTest::ignoreMessage(QtWarningMsg, told);
        QVERIFY(block(2).body.size() < logs::SeekTable::blockSize);
        const HttpAnswer refused = get("/search?q=nothing+of+this");
        QCOMPARE(refused.status, 500);
        const QString detail = refused.json().value("detail"_L1).toString();
        QVERIFY2(detail.contains(u"block 2 is damaged"_s), qPrintable(detail));
    }
    void aStreamResumesInTheOtherForm()
    {
        makeSealedLog();
        StreamClient client(m_fixture->port, "/api/v1/jobs/job1/logs/stream?format=json");
        client.connectAgain();
        QVERIFY(client.take(100'000));
        compress();
        client.connectAgain();
        QVERIFY(client.takeUntil("end", 30'000));
        QByteArray all;
        for (const protocol::SseEvent &event : client.events) {
            QVERIFY(event.event != "gap");
            if (const auto line = protocol::logLineFromJson(event.data); line && event.event != "end")
                all += line->printed();
        }
        QCOMPARE(all, m_printed + "last words\n");
    }
    void searchCountsAndPages()
    {
        makeSealedLog(7'000);
        const auto first = search("q=needle&limit=2");
        QCOMPARE(first.matches, 1'000);
        QCOMPARE(first.matchingLines, 1'000);
        QVERIFY(first.isComplete && first.next);
        QCOMPARE(first.lines.size(), 2);
        QCOMPARE(first.lines[1].line.bytes, "line 7 with a needle");
        QCOMPARE(first.lines[1].ranges, (QList<std::pair<qsizetype, qsizetype>>{{14, 20}}));
        const auto second = search("q=needle&limit=1000&from=" + QByteArray::number(*first.next));
        QCOMPARE(second.matches, 998);
        QCOMPARE(second.lines.size(), 998);
        QVERIFY(!second.next);
        QCOMPARE(search("q=LAST+words").matches, 0);
        QCOMPARE(search("q=LAST%20words&case=ignore").matches, 1);
        QCOMPARE(search("q=%5Eline%20%5Cd%2B%20with&syntax=regex").matches, 1'000);
        QCOMPARE(search("q=line&step=2").matches, 0);
        QCOMPARE(search("q=words&step=2&stream=stderr").matches, 1);
    }
    void searchRefusesWhatItCannotDo_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("nothing to look for") << QByteArray();
        QTest::newRow("too long") << "q=" + QByteArray(1001, 'x');
        QTest::newRow("broken pattern") << QByteArray("q=(a&syntax=regex");
        QTest::newRow("unknown syntax") << QByteArray("q=a&syntax=glob");
        QTest::newRow("no step") << QByteArray("q=a&step=first");
        QTest::newRow("limit beyond the bound") << QByteArray("q=a&limit=1001");
        QTest::newRow("a pattern without end") << QByteArray("q=(a%2B)%2B$&syntax=regex");
    }
    void searchRefusesWhatItCannotDo()
    {
        QFETCH(const QByteArray, query);
        m_fixture->makeLog(m_job)->print(StepNumber(1), LogStream::Stdout, QByteArray(40, 'a') + "!\n");
        const HttpAnswer answer = get("/search?" + query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.json().value("type"_L1).toString(), u"urn:danube:problem:invalid-argument"_s);
    }
    void aJobWithoutLogHasNothingToFind()
    {
        const auto nothing = search("q=x");
        QCOMPARE(nothing.matches, 0);
        QVERIFY(nothing.isComplete);
    }
    void aRemovedLogIsGoneAndSaysSo()
    {
        makeSealedLog(1'000);
        remove();
        for (const char *target : {"", "?step=1", "/stream", "/search?q=x"}) {
            const HttpAnswer answer = get(target);
            QCOMPARE(answer.status, 410);
            const QString detail = answer.json().value("detail"_L1).toString();
            QVERIFY2(detail.startsWith(u"the log was removed at 2"_s), qPrintable(detail));
        }
    }
};

QTEST_GUILESS_MAIN(TestLogLifecycle)
#include "tst_loglifecycle.moc"
