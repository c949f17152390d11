// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/rpc/h2pair.h"

using namespace danube;
using namespace danube::rpc;
using namespace danube::tests;
using namespace Qt::StringLiterals;

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

    void resetsACallWithAFieldThatMustNotComeTwice_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("authorization") << "authorization"_ba << "Bearer a"_ba << "Bearer b"_ba;
        QTest::newRow("the same") << "authorization"_ba << "Bearer a"_ba << "Bearer a"_ba;
        QTest::newRow("an empty one first") << "authorization"_ba << ""_ba << "Bearer a"_ba;
        QTest::newRow("length") << "content-length"_ba << "3"_ba << "3"_ba;
        QTest::newRow("host") << "host"_ba << "a"_ba << "a"_ba;
    }
    void resetsACallWithAFieldThatMustNotComeTwice()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        Pair pair;
        const auto twice =
            pair.client.send({.target = "/", .headers = {{name, first}, {name, second}, {"x", "y"}}, .body = "abc"});
        const auto once = pair.client.send({.target = "/b", .headers = {{name, second}}, .body = "abc"});
        pair.settle();
        QCOMPARE(pair.client.answer(twice).errorCode, uint32_t(NGHTTP2_PROTOCOL_ERROR));
        QCOMPARE(pair.started.size(), 1u); // the connection stays, and its compression state with it
        QCOMPARE(pair.started[0].head.target, "/b"_ba);
        QVERIFY(!pair.client.answer(once).isClosed);
        QCOMPARE(pair.refused, std::vector{Refusal::MalformedCall});
        QVERIFY(!pair.client.goawayCode());
    }

    void tellsAClientOfHttp1WhatThisIs()
    {
        H2Session server({});
        server.feed("POST /rpc/run-step HTTP/1.1\r\nHost: x\r\n\r\n", h2Start);
        QByteArray output;
        server.takeOutput(output, 4096);
        QVERIFY(output.startsWith("HTTP/1.1 505"));
        QVERIFY(server.isOver());
        QCOMPARE(server.takeEvents().size(), 1u); // that it was refused, and no call
    }

    void endsAConnectionOfGarbage()
    {
        H2Session server({});
        server.feed(QByteArray(100, '\x01'), h2Start);
        QByteArray output;
        server.takeOutput(output, 4096);
        QVERIFY(server.isOver());
        QVERIFY(!output.contains("HTTP/1.1"));
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
