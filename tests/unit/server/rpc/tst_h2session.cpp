// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/h2session.h"

#include "tests/support/h2client.h"

#include <QTest>

#include <cstring>

using namespace danube;
using namespace danube::rpc;
using namespace danube::tests;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime start{1h};

QByteArray frame(char type, char flags, uint32_t stream, const QByteArray &payload)
{
    QByteArray bytes;
    const auto size = static_cast<uint32_t>(payload.size());
    for (const uint32_t byte : {size >> 16, size >> 8, size})
        bytes += static_cast<char>(byte & 0xff);
    bytes += type;
    bytes += flags;
    for (const uint32_t byte : {stream >> 24, stream >> 16, stream >> 8, stream})
        bytes += static_cast<char>(byte & 0xff);
    return bytes + payload;
}

/// Both ends, joined by hand; what the server said happened is kept.
struct Pair
{
    explicit Pair(const H2Limits &limits = {}) : server(limits) {}

    H2Session server;
    H2ClientSession client;
    std::vector<RequestStarted> started;
    std::map<StreamId, QByteArray> bodies;
    std::vector<StreamId> ended;
    std::vector<StreamId> closed;
    bool consumes = true;

    void feedServer(QByteArrayView bytes, SteadyTime now = start)
    {
        server.feed(bytes, now);
        noteEvents();
    }

    // Until neither has anything to say.
    void settle()
    {
        for (;;) {
            const QByteArray toServer = client.takeOutput();
            feedServer(toServer);
            QByteArray toClient;
            server.takeOutput(toClient, 1 << 20);
            noteEvents();
            client.feed(toClient);
            if (toServer.isEmpty() && toClient.isEmpty())
                return;
        }
    }

    void noteEvents()
    {
        for (H2Event &event : server.takeEvents()) {
            if (auto *request = std::get_if<RequestStarted>(&event))
                started.push_back(std::move(*request));
            else if (const auto *chunk = std::get_if<BodyChunk>(&event))
                note(*chunk);
            else if (const auto *end = std::get_if<RequestEnded>(&event))
                ended.push_back(end->stream);
            else
                closed.push_back(std::get<StreamClosed>(event).stream);
        }
    }

    void note(const BodyChunk &chunk)
    {
        bodies[chunk.stream] += chunk.bytes;
        if (consumes)
            server.consume(chunk.stream, static_cast<size_t>(chunk.bytes.size()));
    }
};

class Counting final : public BodySource
{
public:
    bool read(std::span<char> into) override
    {
        std::ranges::fill(into, 'x');
        return true;
    }
};

} // namespace

class TestH2Session : public QObject
{
    Q_OBJECT
private slots:
    void tellsARequest()
    {
        Pair pair;
        pair.client.send({.target = "/a?b=c", .token = "t", .headers = {{"content-length", "3"}}, .body = "abc"});
        pair.settle();
        QCOMPARE(pair.started.size(), 1u);
        const RequestHead &head = pair.started[0].head;
        QCOMPARE(head.method, "POST");
        QCOMPARE(head.target, "/a?b=c");
        QCOMPARE(head.authorization, "Bearer t");
        QCOMPARE(head.contentLength, 3);
        QVERIFY(!head.endsHere);
        QVERIFY(!head.oversized);
        QCOMPARE(pair.bodies[pair.started[0].stream], "abc");
        QCOMPARE(pair.ended.size(), 1u);
        QVERIFY(pair.server.hasPreface());
    }

    void seesTheSameWhateverTheCuts()
    {
        H2ClientSession client;
        client.send({.target = "/x", .body = QByteArray(3000, 'b')});
        const QByteArray bytes = client.takeOutput();
        Pair pair;
        for (const char &byte : bytes)
            pair.feedServer(QByteArrayView(&byte, 1));
        QCOMPARE(pair.started.size(), 1u);
        QCOMPARE(pair.bodies[pair.started[0].stream], QByteArray(3000, 'b'));
        QCOMPARE(pair.ended.size(), 1u);
    }

    void answersWithBodyAndHeaders()
    {
        Pair pair;
        const auto stream = pair.client.send({.method = "GET", .target = "/"});
        pair.settle();
        Response response{.status = 404, .headers = {{"allow", "GET"}}, .body = QByteArray(100'000, 'z')};
        pair.server.respond(pair.started.at(0).stream, std::move(response));
        pair.settle();
        const H2Answer &answer = pair.client.answer(stream);
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.headers["allow"], "GET");
        QCOMPARE(answer.headers["content-length"], "100000");
        QVERIFY(answer.isWhole);
        QCOMPARE(answer.bodySize, 100'000);
        QCOMPARE(pair.closed.size(), 1u);
    }

    void answersHeadWithoutBody()
    {
        Pair pair;
        const auto stream = pair.client.send({.method = "HEAD", .target = "/"});
        pair.settle();
        pair.server.respond(pair.started.at(0).stream, {.body = "four"});
        pair.settle();
        const H2Answer &answer = pair.client.answer(stream);
        QCOMPARE(answer.headers["content-length"], "4");
        QCOMPARE(answer.bodySize, 0);
        QVERIFY(answer.isWhole);
        QCOMPARE(answer.errorCode, uint32_t(NGHTTP2_NO_ERROR));
    }

    void answersOnce()
    {
        Pair pair;
        const auto stream = pair.client.send({.method = "GET", .target = "/"});
        pair.settle();
        pair.server.respond(pair.started.at(0).stream, {.status = 200});
        pair.server.respond(pair.started.at(0).stream, {.status = 500});
        pair.settle();
        QCOMPARE(pair.client.answer(stream).status, 200);
        pair.server.respond(pair.started.at(0).stream, {.status = 500}); // gone: ignored
        pair.settle();
    }

    void pullsASourceOnlyAsFarAsThePeerTakesIt()
    {
        Pair pair;
        pair.client.stopReading();
        const auto stream = pair.client.send({.method = "GET", .target = "/"});
        pair.settle();
        Response response;
        response.source = std::make_unique<Counting>();
        response.sourceSize = 1 << 20;
        pair.server.respond(pair.started.at(0).stream, std::move(response));
        pair.settle();
        QCOMPARE(pair.client.answer(stream).bodySize, 65'535); // the client's window
        QVERIFY(!pair.client.answer(stream).isWhole);
    }

    void reopensTheWindowOnlyByWhatIsConsumed()
    {
        Pair pair({.streamWindow = 100'000});
        pair.consumes = false;
        pair.client.send({.target = "/", .body = QByteArray(300'000, 'b')});
        pair.settle();
        const StreamId stream = pair.started.at(0).stream;
        QCOMPARE(pair.bodies[stream].size(), 100'000);
        pair.server.consume(stream, 100'000);
        pair.settle();
        QCOMPARE(pair.bodies[stream].size(), 200'000);
        pair.server.growWindow(stream, 500'000);
        pair.settle();
        QCOMPARE(pair.bodies[stream].size(), 300'000);
    }

    void givesTheConnectionsWindowBackWhenAStreamGoes()
    {
        Pair pair({.connectionWindow = 200'000});
        pair.consumes = false;
        for (int i = 0; i < 10; ++i) {
            const auto stream = pair.client.send({.target = "/", .body = QByteArray(150'000, 'b'), .endsBody = false});
            pair.settle();
            QCOMPARE(pair.bodies[pair.started.back().stream].size(), 150'000);
            pair.client.reset(stream);
            pair.settle();
        }
        QCOMPARE(pair.closed.size(), 10u);
    }

    void asksToStopABodyThatIsNoLongerWanted()
    {
        Pair pair;
        const auto stream = pair.client.send({.target = "/", .body = "abc", .endsBody = false});
        pair.settle();
        pair.server.respond(pair.started.at(0).stream, {.status = 401});
        pair.settle();
        QVERIFY(pair.client.answer(stream).isWhole);
        QVERIFY(pair.client.answer(stream).isClosed);
        QCOMPARE(pair.client.answer(stream).errorCode, uint32_t(NGHTTP2_NO_ERROR));
        QVERIFY(pair.ended.empty());
    }

    void marksAHeaderListAboveTheLimit()
    {
        Pair pair({.headerListSize = 1000});
        pair.client.send({.target = "/", .headers = {{"x-big", QByteArray(1000, 'h')}}});
        pair.client.send({.target = "/", .headers = {{"x-small", QByteArray(100, 'h')}}});
        pair.settle();
        QVERIFY(pair.started.at(0).head.oversized);
        QVERIFY(!pair.started.at(1).head.oversized);
    }

    void boundsTheStreamsAtOnce()
    {
        Pair pair({.concurrentStreams = 4});
        pair.settle(); // the client knows the limit, and is made to ignore it by raw frames below
        for (int i = 0; i < 6; ++i)
            pair.client.send({.target = "/"});
        pair.settle();
        QCOMPARE(pair.started.size(), 4u);
    }

    void resetsAMismatchOfContentLength()
    {
        Pair pair;
        const auto stream = pair.client.send({.target = "/", .headers = {{"content-length", "5"}}, .body = "abc"});
        pair.settle();
        QCOMPARE(pair.client.answer(stream).errorCode, uint32_t(NGHTTP2_PROTOCOL_ERROR));
        QVERIFY(pair.ended.empty());
        QCOMPARE(pair.closed.size(), 1u);
    }

    void tellsAClientOfHttp1WhatThisIs()
    {
        H2Session server({});
        server.feed("POST /rpc/run-step HTTP/1.1\r\nHost: x\r\n\r\n", start);
        QByteArray output;
        server.takeOutput(output, 4096);
        QVERIFY(output.startsWith("HTTP/1.1 505"));
        QVERIFY(server.isOver());
        QVERIFY(server.takeEvents().empty());
    }

    void endsAConnectionOfGarbage()
    {
        H2Session server({});
        server.feed(QByteArray(100, '\x01'), start);
        QByteArray output;
        server.takeOutput(output, 4096);
        QVERIFY(server.isOver());
        QVERIFY(!output.contains("HTTP/1.1"));
    }

    void endsFloods_data()
    {
        QTest::addColumn<QByteArray>("frames");
        const auto row = [](const char *name, const QByteArray &one, int count) {
            QTest::newRow(name) << one.repeated(count);
        };
        row("ping", frame(6, 0, 0, "12345678"), 5000);
        row("settings", frame(4, 0, 0, {}), 5000);
        row("priority", frame(2, 0, 1, QByteArray("\0\0\0\3\x10", 5)), 5000);
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

    void endsAFloodOfEmptyData()
    {
        Pair pair;
        const auto stream = pair.client.send({.target = "/", .endsBody = false});
        pair.settle();
        pair.feedServer(frame(0, 0, static_cast<uint32_t>(stream), {}).repeated(2000));
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
            pair.feedServer(frame(6, 0, 0, "12345678"), start + std::chrono::seconds(second));
        QVERIFY(!pair.server.isOver());
    }

    void announcesItsEndWithoutCuttingWhatRuns()
    {
        Pair pair;
        const auto stream = pair.client.send({.method = "GET", .target = "/"});
        pair.settle();
        pair.server.announceShutdown();
        pair.settle();
        QVERIFY(pair.client.goawayCode().has_value());
        pair.server.respond(pair.started.at(0).stream, {.body = "late"});
        pair.settle();
        QCOMPARE(pair.client.answer(stream).body, "late");
        pair.server.shutDown(NGHTTP2_NO_ERROR);
        pair.settle();
        QVERIFY(pair.server.isOver());
    }
};

QTEST_APPLESS_MAIN(TestH2Session)
#include "tst_h2session.moc"
