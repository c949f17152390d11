// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeclock.h"
#include "tests/support/rpcfixture.h"

#include <QSignalSpy>
#include <QTest>

#include <array>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A server whose time the test moves.
struct TimedMaster
{
    explicit TimedMaster(rpc::RpcSettings settings = {})
        : master(
              [&] {
                  settings.tick = 5ms;
                  return settings;
              }(),
              {}, &clock)
    {}
    FakeClock clock;
    RpcFixture master;
};

bool isGone(const H2Client &client)
{
    return client.socket.state() == QAbstractSocket::UnconnectedState;
}

} // namespace

class TestRpcLimits : public QObject
{
    Q_OBJECT
private slots:
    void closesWhoSaysNothing()
    {
        TimedMaster timed;
        QTcpSocket silent;
        silent.connectToHost(QHostAddress::LocalHost, timed.master.port);
        QTRY_COMPARE(timed.master.server->counts().connections.load(), 1);
        timed.clock.advance(9s);
        QTest::qWait(30);
        QCOMPARE(silent.state(), QAbstractSocket::ConnectedState);
        timed.clock.advance(2s);
        QTRY_COMPARE(silent.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(timed.master.server->counts().connections.load(), 0);
    }

    void tellsHttp1WhatThisIs()
    {
        RpcFixture master;
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, master.port);
        socket.write("POST /rpc/run-step HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(socket.readAll().startsWith("HTTP/1.1 505"));
    }

    void answersTimeoutToABodyThatStops_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::newRow("json") << QByteArray("/rpc/run-step");
        QTest::newRow("upload") << QByteArray("/rpc/upload-artifact?job_id=running-job&name=a&sha256=") +
                                       QByteArray(64, 'a');
    }
    void answersTimeoutToABodyThatStops()
    {
        QFETCH(QByteArray, target);
        TimedMaster timed;
        H2Client client(timed.master.port);
        const auto stream =
            client.send({.target = target, .token = timed.master.token(), .body = "{", .endsBody = false});
        QTRY_COMPARE(timed.master.server->counts().openCalls.load(), 1);
        QTest::qWait(50); // an upload is opened meanwhile
        timed.clock.advance(40s);
        client.session.ping();
        client.pump();
        QTest::qWait(30);
        QVERIFY(!client.session.answer(stream).isClosed);
        timed.clock.advance(25s);
        QVERIFY(client.waitFor(stream));
        QCOMPARE(client.session.answer(stream).status, 408);
    }

    void answersTimeoutToAnUploadThatTrickles()
    {
        TimedMaster timed;
        H2Client client(timed.master.port);
        qsizetype allowed = 100;
        const auto stream =
            client.send({.target = "/rpc/upload-artifact?job_id=running-job&name=a&sha256=" + QByteArray(64, 'a'),
                         .token = timed.master.token(),
                         .more = [&allowed](qsizetype) { return QByteArray(std::exchange(allowed, 0), 'x'); },
                         .endsBody = false});
        QTRY_COMPARE(timed.master.server->counts().openCalls.load(), 1);
        for (int i = 0; i < 20 && !client.session.answer(stream).isClosed; ++i) {
            timed.clock.advance(9s);
            allowed = 100;
            nghttp2_session_resume_data(client.session.handle(), stream);
            client.session.ping();
            client.pump();
            QTest::qWait(30);
        }
        QVERIFY(client.waitFor(stream));
        QCOMPARE(client.session.answer(stream).status, 408);
        QCOMPARE(timed.master.server->counts().of(rpc::Refusal::SlowBody), 1);
    }

    void aStepMayTakeHoursAndThePeerIsPinged()
    {
        TimedMaster timed;
        timed.master.backend.stepsEndAtOnce = false;
        H2Client client(timed.master.port);
        const auto step = client.send(timed.master.runStep());
        QTRY_COMPARE(timed.master.backend.waiting.size(), 1);
        for (int round = 1; round <= 20; ++round) { // each answered ping buys the next
            timed.clock.advance(16s);
            QTRY_COMPARE_WITH_TIMEOUT(client.session.pings(), round, 5s);
            QTest::qWait(10);
        }
        QVERIFY(!isGone(client));
        timed.master.backend.endSteps(0);
        QVERIFY(client.waitFor(step));
        QCOMPARE(client.session.answer(step).status, 200);
    }

    void closesADeadPeer()
    {
        TimedMaster timed;
        timed.master.backend.stepsEndAtOnce = false;
        H2Client client(timed.master.port);
        client.send(timed.master.runStep());
        QTRY_COMPARE(timed.master.backend.waiting.size(), 1);
        client.blockSignals(true);
        client.socket.blockSignals(true); // it reads nothing any more, so it answers no ping
        for (int i = 0; i < 5; ++i) {
            timed.clock.advance(16s);
            QTest::qWait(20);
        }
        QTRY_COMPARE(timed.master.server->counts().connections.load(), 0);
        QCOMPARE(timed.master.backend.waiting.size(), 1); // the step goes on
    }

    void closesWhoTakesNothing()
    {
        TimedMaster timed;
        RpcFixture &master = timed.master;
        master.backend.bundlePath = master.directory.filePath(u"bundle"_s);
        QFile bundle(master.backend.bundlePath);
        QVERIFY(bundle.open(QIODevice::WriteOnly) && bundle.resize(64 << 20)); // no socket holds so much
        H2Client client(master.port);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        const nghttp2_settings_entry wide{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, INT32_MAX};
        nghttp2_submit_settings(client.session.handle(), NGHTTP2_FLAG_NONE, &wide, 1);
        nghttp2_session_set_local_window_size(client.session.handle(), NGHTTP2_FLAG_NONE, 0, INT32_MAX);
        client.socket.setReadBufferSize(1024);
        client.socket.blockSignals(true); // HTTP/2 would let all of it pass, TCP does not
        client.send({.method = "GET", .target = "/rpc/source?job_id=running-job", .token = master.token()});
        QTRY_COMPARE(master.server->counts().openCalls.load(), 1);
        QTest::qWait(200); // until everything between us is full
        timed.clock.advance(50s);
        QTest::qWait(30);
        QCOMPARE(master.server->counts().connections.load(), 1);
        timed.clock.advance(11s);
        QTRY_COMPARE(master.server->counts().connections.load(), 0);
        QCOMPARE(master.server->counts().of(rpc::Refusal::Stalled), 1);
    }

    void saysGoodbyeToAnIdlePeer()
    {
        TimedMaster timed({.idleTimeout = 100s});
        H2Client client(timed.master.port);
        QCOMPARE(client.call(timed.master.runStep()).status, 200);
        for (int i = 0; i < 8 && !isGone(client); ++i) {
            timed.clock.advance(16s);
            QTest::qWait(30);
        }
        QTRY_COMPARE(client.session.goawayCode(), uint32_t(NGHTTP2_NO_ERROR));
        QTRY_VERIFY(isGone(client));
    }

    void endsFloodsWithoutHarmToOthers_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::newRow("ping") << QByteArray("\0\0\x08\x06\0\0\0\0\0"
                                            "12345678",
                                            17);
        QTest::newRow("settings") << QByteArray("\0\0\0\x04\0\0\0\0\0", 9);
    }
    void endsFloodsWithoutHarmToOthers()
    {
        QFETCH(QByteArray, frame);
        RpcFixture master;
        H2Client good(master.port);
        QCOMPARE(good.call(master.runStep()).status, 200);
        H2Client bad(master.port);
        QCOMPARE(bad.call(master.runStep()).status, 200);
        const QByteArray burst = frame.repeated(10'000);
        for (int i = 0; i < 100 && !isGone(bad); ++i) {
            bad.socket.write(burst);
            QTest::qWait(1);
        }
        QTRY_COMPARE(bad.session.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QCOMPARE(master.server->counts().of(rpc::Refusal::Flood), 1);
        QCOMPARE(good.call(master.runStep()).status, 200);
    }

    void endsARapidReset()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        H2Client bad(master.port);
        for (int i = 0; i < 5000 && !bad.session.goawayCode() && !isGone(bad); ++i) {
            const auto stream = bad.send(master.runStep());
            if (stream < 0)
                break;
            bad.session.reset(stream);
            bad.pump();
            if (i % 50 == 0)
                QTest::qWait(1);
        }
        QTRY_COMPARE(bad.session.goawayCode(), uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
        QVERIFY2(master.backend.stepsStarted < 1000, qPrintable(QString::number(master.backend.stepsStarted)));
    }

    void boundsTheConnections()
    {
        RpcFixture master({.maxConnections = 3});
        std::vector<std::unique_ptr<H2Client>> clients;
        for (int i = 0; i < 3; ++i)
            QCOMPARE(clients.emplace_back(std::make_unique<H2Client>(master.port))->call(master.runStep()).status, 200);
        H2Client waiting(master.port);
        const auto stream = waiting.send(master.runStep());
        QVERIFY(!waiting.waitFor(stream, 200ms));
        QCOMPARE(master.server->counts().connections.load(), 3);
        clients[0]->cut();
        QVERIFY(waiting.waitFor(stream));
        QCOMPARE(waiting.session.answer(stream).status, 200);
    }

    void sendsIdleConnectionsAwayWhenItIsFull()
    {
        TimedMaster timed({.maxConnections = 2});
        timed.master.backend.stepsEndAtOnce = false;
        H2Client busy(timed.master.port);
        const auto step = busy.send(timed.master.runStep());
        QTRY_COMPARE(timed.master.backend.waiting.size(), 1);
        H2Client idle(timed.master.port);
        QCOMPARE(idle.call(timed.master.post("/rpc/report-status", R"({"job_id":"running-job"})")).status, 200);
        H2Client fresh(timed.master.port);
        const auto waiting = fresh.send(timed.master.post("/rpc/report-status", R"({"job_id":"running-job"})"));
        QVERIFY(!fresh.waitFor(waiting, 50ms));
        timed.clock.advance(11s);
        QVERIFY(fresh.waitFor(waiting));
        QVERIFY(isGone(idle));
        timed.master.backend.endSteps(0);
        QVERIFY(busy.waitFor(step));
    }

    void givesAStrangersPlaceToANewcomer()
    {
        TimedMaster timed({.maxConnections = 3});
        timed.master.backend.stepsEndAtOnce = false;
        H2Client busy(timed.master.port);
        const auto step = busy.send(timed.master.runStep());
        QTRY_COMPARE(timed.master.backend.waiting.size(), 1);
        std::array<std::unique_ptr<H2Client>, 2> strangers;
        for (auto &stranger : strangers) {
            stranger = std::make_unique<H2Client>(timed.master.port);
            QCOMPARE(stranger->call({.target = "/rpc/run-step", .token = "not one"}).status, 401);
            timed.clock.advance(2s);
        }
        H2Client fresh(timed.master.port);
        QCOMPARE(fresh.call(timed.master.post("/rpc/report-status", R"({"job_id":"running-job"})"), 5s).status, 200);
        QTRY_VERIFY(isGone(*strangers[0])); // the one that was there for longer
        QVERIFY(!isGone(*strangers[1]));
        QCOMPARE(strangers[0]->session.goawayCode(), uint32_t(NGHTTP2_NO_ERROR));
        QCOMPARE(timed.master.server->counts().of(rpc::Refusal::MadeRoom), 1);
        timed.master.backend.endSteps(0);
        QVERIFY(busy.waitFor(step));
        QCOMPARE(busy.session.answer(step).status, 200);
    }

    void takesNoMoreThanItsShareFromAGreedyJob()
    {
        RpcFixture master({.maxConnections = 5, .jobConnections = 2});
        master.backend.stepsEndAtOnce = false;
        const JobId other(u"other-job"_s);
        std::vector<std::unique_ptr<H2Client>> greedy;
        for (int i = 0; i < 5; ++i) {
            greedy.push_back(std::make_unique<H2Client>(master.port));
            greedy.back()->send(master.runStep());
            QTRY_COMPARE(master.backend.waiting.size(), i + 1);
        }
        std::vector<std::unique_ptr<H2Client>> fair;
        for (int i = 0; i < 3; ++i) { // each knows nothing of the job, and shows a genuine token
            fair.push_back(std::make_unique<H2Client>(master.port));
            QCOMPARE(
                fair.back()->call({.target = "/rpc/get-secret", .token = master.token(other), .body = "{}"}).status,
                400);
            QTRY_VERIFY(isGone(*greedy[i])); // the oldest
        }
        H2Client late(master.port); // three of the other job, two of the first: the other's turn
        QCOMPARE(late.call({.target = "/rpc/get-secret", .token = master.token(), .body = "{}"}).status, 400);
        QTRY_VERIFY(isGone(*fair[0]));
        QVERIFY(!isGone(*greedy[3]) && !isGone(*greedy[4]));
        QCOMPARE(master.server->counts().of(rpc::Refusal::MadeRoom), 4);
    }

    void keepsItsBoundInAStorm()
    {
        TimedMaster timed({.maxConnections = 3});
        std::vector<std::unique_ptr<QTcpSocket>> storm;
        for (int i = 0; i < 40; ++i)
            storm.emplace_back(std::make_unique<QTcpSocket>())
                ->connectToHost(QHostAddress::LocalHost, timed.master.port);
        for (const auto &each : storm)
            QTRY_COMPARE(each->state(), QAbstractSocket::ConnectedState); // by the kernel
        QTRY_COMPARE(timed.master.server->counts().connections.load(), 3);
        for (int i = 0; i < 10; ++i) {
            QTest::qWait(5);
            QCOMPARE(timed.master.server->counts().connections.load(), 3);
        }
        timed.clock.advance(2s); // a stranger's own time is over: those behind have their turn
        QTRY_COMPARE(timed.master.server->counts().of(rpc::Refusal::MadeRoom), 3);
        QCOMPARE(timed.master.server->counts().connections.load(), 3);
    }

    void boundsTheMemoryOfJsonBodies()
    {
        RpcFixture master({.jsonInMemory = 1'000'000});
        H2Client client(master.port);
        const QByteArray half(600'000, ' ');
        const auto first =
            client.send({.target = "/rpc/run-step", .token = master.token(), .body = half, .endsBody = false});
        const auto second =
            client.send({.target = "/rpc/run-step", .token = master.token(), .body = half, .endsBody = false});
        QTRY_VERIFY(client.session.answer(first).isClosed || client.session.answer(second).isClosed);
        const auto refused = client.session.answer(first).isClosed ? first : second;
        QCOMPARE(client.session.answer(refused).status, 503);
        client.session.reset(refused == first ? second : first);
        client.pump();
        QTRY_COMPARE(client.call(master.runStep()).status, 200);
    }

    // Which of its calls a job must do without is its own affair; another's goes on.
    void aSmallCallIsServedWhileAnotherHoldsAllTheMemory()
    {
        RpcFixture master({.jsonInMemory = 1'000'000});
        const JobId modest(u"modest-job"_s);
        master.backend.alsoRunning.insert(modest);
        H2Client greedy(master.port);
        const H2Request half{
            .target = "/rpc/run-step", .token = master.token(), .body = QByteArray(480'000, ' '), .endsBody = false};
        const auto first = greedy.send(half);
        const auto second = greedy.send(half);
        QTRY_COMPARE(master.server->counts().requests.load(), 2);
        QTest::qWait(50); // until both are in
        H2Client other(master.port);
        const QByteArray body =
            "{\"job_id\":\"modest-job\",\"step_name\":\"x\",\"command\":\"" + QByteArray(100'000, 'x') + "\"}";
        const auto served = other.call({.target = "/rpc/run-step", .token = master.token(modest), .body = body});
        QCOMPARE(served.status, 200);
        QVERIFY(greedy.waitFor(second));
        QCOMPARE(greedy.session.answer(second).status, 503);
        QVERIFY(!greedy.session.answer(first).isClosed);
        QCOMPARE(
            greedy.call({.target = "/rpc/run-step", .token = master.token(), .body = QByteArray(600'000, ' ')}).status,
            503); // its own are refused as long as it holds most
        greedy.session.reset(first);
        greedy.pump();
        QTRY_COMPARE(greedy.call(master.runStep()).status, 200);
    }

    void boundsTheMemoryOfAnswers()
    {
        RpcFixture master({.answersInMemory = 1'000'000});
        const JobId modest(u"modest-job"_s);
        master.backend.alsoRunning.insert(modest);
        master.backend.captured = QByteArray(300'000, 'o');
        H2Client greedy(master.port);
        const nghttp2_settings_entry shut{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
        nghttp2_submit_settings(greedy.session.handle(), NGHTTP2_FLAG_NONE, &shut, 1);
        std::vector<int32_t> streams;
        for (int i = 0; i < 10; ++i) {
            streams.push_back(greedy.send(master.runStep()));
            QTRY_COMPARE(master.backend.stepsStarted, i + 1);
            QTRY_VERIFY(greedy.session.answer(streams.back()).status != 0);
        }
        int refused = 0;
        for (const auto stream : streams)
            refused += greedy.session.answer(stream).status == 503 ? 1 : 0;
        QCOMPARE(refused, 7);
        // Another job's answer has room, and what has to go for it is reset.
        H2Client other(master.port);
        const QByteArray body = R"({"job_id":"modest-job","step_name":"x","command":"make"})";
        const auto served = other.call({.target = "/rpc/run-step", .token = master.token(modest), .body = body});
        QCOMPARE(served.status, 200);
        QVERIFY(served.body.size() > 300'000);
        QVERIFY(greedy.waitFor(streams[2]));
        QVERIFY(!greedy.session.answer(streams[2]).isWhole);
        QCOMPARE(greedy.session.answer(streams[2]).errorCode, uint32_t(NGHTTP2_CANCEL));
        QVERIFY(!greedy.session.answer(streams[1]).isClosed);
        // What is taken is free again: the same call is answered then.
        const nghttp2_settings_entry open{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20};
        nghttp2_submit_settings(greedy.session.handle(), NGHTTP2_FLAG_NONE, &open, 1);
        greedy.pump();
        QVERIFY(greedy.waitFor(streams[0]) && greedy.waitFor(streams[1]));
        QVERIFY(greedy.session.answer(streams[0]).isWhole && greedy.session.answer(streams[1]).isWhole);
        QCOMPARE(greedy.call(master.runStep()).status, 200);
    }

    void refusesAnOversizedHeaderList()
    {
        RpcFixture master;
        H2Client client(master.port);
        auto request = master.runStep();
        request.headers = {{"x-big", QByteArray(40'000, 'h')}};
        QCOMPARE(client.call(request).status, 431);
        QCOMPARE(client.call(master.runStep()).status, 200);
    }
};

QTEST_GUILESS_MAIN(TestRpcLimits)
#include "tst_rpclimits.moc"
