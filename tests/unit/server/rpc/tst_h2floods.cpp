// SPDX-License-Identifier: GPL-3.0-or-later
// What a peer may send without end, and what becomes of it.
#include "tests/unit/server/rpc/h2pair.h"

using namespace danube;
using namespace danube::rpc;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds silence{60'000};

/// A stream whose answer has no end in sight, to a client that takes nothing by itself.
StreamId openDownload(Pair &pair)
{
    pair.client.stopReading();
    pair.client.send({.method = "GET", .target = "/"});
    pair.settle();
    const StreamId stream = pair.started.back().stream;
    Response response;
    response.source = std::make_unique<Counting>();
    response.sourceSize = 64 << 20;
    pair.server.respond(stream, std::move(response));
    pair.settle();
    return stream;
}

/// The client tells of so many bytes taken, on the stream and on the connection.
void openWindow(Pair &pair, StreamId stream, int bytes)
{
    for (const auto id : {0, static_cast<int>(stream)})
        nghttp2_submit_window_update(pair.client.handle(), NGHTTP2_FLAG_NONE, id, bytes);
    pair.settle();
}

QByteArray windowUpdate(StreamId stream, int bytes)
{
    QByteArray payload;
    for (const int shift : {24, 16, 8, 0})
        payload += static_cast<char>(bytes >> shift & 0xff);
    return frame(8, 0, static_cast<uint32_t>(stream), payload);
}

} // namespace

class TestH2Floods : public QObject
{
    Q_OBJECT
private slots:
    void endsFloods_data()
    {
        QTest::addColumn<QByteArray>("frames");
        const auto row = [](const char *name, const QByteArray &one, int count) {
            QTest::newRow(name) << one.repeated(count);
        };
        row("ping", frame(6, 0, 0, "12345678"), 5000);
        row("settings", frame(4, 0, 0, {}), 5000);
        row("priority", frame(2, 0, 1, QByteArray("\0\0\0\3\x10", 5)), 5000);
        row("window update", windowUpdate(StreamId(0), 1), 5000);
        row("settings without end", frame(4, 0, 0, QByteArray("\0\x04\0\0\x10\0", 6).repeated(2000)), 3);
    }
    void endsFloods()
    {
        QFETCH(QByteArray, frames);
        Pair pair;
        pair.settle();
        pair.feedServer(frames);
        QByteArray output;
        pair.server.takeOutput(output, 64 << 20);
        QVERIFY2(output.size() < 100'000, qPrintable(QString::number(output.size())));
        pair.client.feed(output);
        QCOMPARE(pair.client.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QVERIFY(pair.server.isOver());
        pair.noteEvents();
        QCOMPARE(pair.refused, std::vector{Refusal::Flood});
    }

    void endsARapidReset()
    {
        Pair pair;
        pair.settle();
        int sent = 0;
        while (!pair.client.goawayCode() && sent < 5000) {
            const auto stream = pair.client.send({.target = "/", .endsBody = false});
            pair.feedServer(pair.client.takeOutput());
            pair.client.reset(stream);
            pair.settle();
            ++sent;
        }
        QCOMPARE(pair.client.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QVERIFY2(sent <= 420, qPrintable(QString::number(sent)));
    }

    void endsAFloodOfEmptyData_data()
    {
        QTest::addColumn<char>("flags");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("empty") << '\0' << QByteArray();
        QTest::newRow("nothing but padding") << '\x08' << QByteArray("\x03\0\0\0", 4);
    }
    void endsAFloodOfEmptyData()
    {
        QFETCH(char, flags);
        QFETCH(QByteArray, payload);
        Pair pair;
        const auto stream = pair.client.send({.target = "/", .endsBody = false});
        pair.settle();
        pair.feedServer(frame(0, flags, static_cast<uint32_t>(stream), payload).repeated(2000));
        pair.settle();
        QCOMPARE(pair.client.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
    }

    void endsAFloodOfContinuations()
    {
        Pair pair;
        pair.settle();
        pair.feedServer(frame(1, 0, 1, {}) + frame(9, 0, 1, {}).repeated(1000));
        QByteArray output;
        pair.server.takeOutput(output, 1 << 20);
        pair.client.feed(output);
        QVERIFY(pair.client.goawayCode().has_value());
        QVERIFY(pair.server.isOver());
        QVERIFY(pair.started.empty());
    }

    void boundsAHeaderBomb()
    {
        // One 4000-byte field enters the dynamic table; then each byte names it once more.
        Pair pair;
        pair.settle();
        QByteArray block("\x82\x86\x84\x41\x06"
                         "danube\x40\x01"
                         "x\x7f\xa1\x1e",
                         18);
        block += QByteArray(4000, 'b') + QByteArray(12'000, '\xbe');
        pair.feedServer(frame(1, 5, 1, block.first(16'000)));
        for (const auto &request : pair.started)
            QVERIFY(request.head.oversized);
        pair.settle();
    }

    void toleratesSteadyPings()
    {
        Pair pair;
        pair.settle();
        for (int second = 0; second < 3600; ++second)
            pair.feedServer(frame(6, 0, 0, "12345678"), h2Start + std::chrono::seconds(second));
        QVERIFY(!pair.server.isOver());
    }

    void letsADownloadTellOfEveryTwoKilobytes()
    {
        Pair pair;
        const StreamId stream = openDownload(pair);
        for (qint64 told = 0; told < 4 << 20; told += 2048)
            openWindow(pair, stream, 2048);
        QVERIFY(!pair.client.goawayCode());
        QVERIFY(pair.client.answer(static_cast<int32_t>(stream)).bodySize > 4 << 20);
    }

    void letsSmallAnswersBeToldOf()
    {
        Pair pair;
        for (int i = 0; i < 3000; ++i) {
            pair.client.send({.target = "/"});
            pair.settle();
            const StreamId stream = pair.started.back().stream;
            pair.server.respond(stream, {.body = "{}"});
            openWindow(pair, stream, 2);
        }
        QCOMPARE(pair.client.goawayCode(), std::optional<uint32_t>());
    }

    void endsAWindowOpenedByTheByte()
    {
        Pair pair;
        const StreamId stream = openDownload(pair);
        int updates = 0;
        while (!pair.client.goawayCode() && updates < 5000) {
            openWindow(pair, stream, 1);
            updates += 2;
        }
        QCOMPARE(pair.client.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QVERIFY2(updates < 600, qPrintable(QString::number(updates)));
    }

    void resetsAnAnswerThatIsNotTaken_data()
    {
        QTest::addColumn<int>("takenEachMinute");
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("nothing") << 0 << false;
        QTest::newRow("a trickle") << 1000 << false;
        QTest::newRow("little, but enough") << 5000 << true;
    }
    void resetsAnAnswerThatIsNotTaken()
    {
        QFETCH(int, takenEachMinute);
        QFETCH(bool, goesOn);
        Pair pair;
        const StreamId stream = openDownload(pair);
        for (int i = 0; i <= 12; ++i) { // two minutes and more, looked at every ten seconds
            if (takenEachMinute)
                openWindow(pair, stream, takenEachMinute / 6);
            pair.server.endStalls(h2Start + 10s * i, silence);
        }
        pair.settle();
        const H2Answer &answer = pair.client.answer(static_cast<int32_t>(stream));
        QCOMPARE(answer.isClosed, !goesOn);
        QVERIFY(!pair.client.goawayCode());
        QCOMPARE(pair.refused, goesOn ? std::vector<Refusal>() : std::vector{Refusal::StalledAnswer});
        if (!goesOn)
            QCOMPARE(answer.errorCode, uint32_t(NGHTTP2_CANCEL));
    }

    void leavesACallAloneThatWaitsForItsAnswer()
    {
        Pair pair;
        pair.client.send({.target = "/"});
        pair.settle();
        for (int hour = 0; hour < 5; ++hour)
            pair.server.endStalls(h2Start + std::chrono::hours(hour), silence);
        pair.server.respond(pair.started.at(0).stream, {.body = "late"});
        pair.settle();
        QVERIFY(pair.client.answer(1).isWhole);
    }

    void endsAStrangerWhoCallsWithoutEnd()
    {
        Pair pair;
        int calls = 0;
        while (!pair.client.goawayCode() && calls < 2000) {
            pair.client.send({.target = "/"});
            pair.settle();
            pair.server.respond(pair.started.back().stream, {.status = 401});
            pair.settle();
            ++calls;
        }
        QCOMPARE(pair.client.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QVERIFY2(calls < 450, qPrintable(QString::number(calls)));
        QCOMPARE(std::ranges::count(pair.refused, Refusal::UnknownToken), calls);
        QCOMPARE(pair.refused.back(), Refusal::Flood);
    }

    void saysWhyItRefuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("why");
        const QByteArray head("\x83\x86\x84\x41\x01"
                              "a",
                              6); // POST http / a
        QTest::newRow("broken frame") << frame(8, 0, 0, QByteArray(4, '\0')) << u"protocol"_s;
        QTest::newRow("stream of ours") << frame(1, 5, 2, head) << u"protocol"_s;
        QTest::newRow("header twice") << frame(1, 5, 1, head + "\x84") << u"malformed_call"_s;
        QByteArray streams;
        for (uint32_t i = 0; i < 9; ++i)
            streams += frame(1, 5, 2 * i + 1, head);
        QTest::newRow("too many streams") << streams << u"too_many_streams"_s;
    }
    void saysWhyItRefuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, why);
        Pair pair({.concurrentStreams = 8});
        pair.feedServer(pair.client.takeOutput()); // the settings of the server are not confirmed yet
        pair.feedServer(bytes);
        QByteArray output;
        pair.server.takeOutput(output, 1 << 20);
        pair.noteEvents();
        QCOMPARE(pair.refused.size(), 1u);
        QCOMPARE(QString::fromLatin1(toText(pair.refused[0])), why);
    }

    void saysThatItSpeaksHttp2Only()
    {
        Pair pair;
        pair.feedServer("GET / HTTP/1.1\r\n\r\n");
        QCOMPARE(pair.refused, std::vector{Refusal::NotHttp2});
    }
};

QTEST_APPLESS_MAIN(TestH2Floods)
#include "tst_h2floods.moc"
