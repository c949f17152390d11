// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/kube/execfixture.h"

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// How an exec begins and ends.
class TestExecConnection : public QObject
{
    Q_OBJECT

private slots:
    void asksForTheExec()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("hello", exitThree));
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.connected, 1);
        QCOMPARE(exec.output, "hello"_ba);
        const ExecEnd end = exec.ends.first();
        QCOMPARE(end.kind, ExecEnd::Kind::Status);
        QCOMPARE(end.status.kind, ExecStatus::Kind::ExitCode);
        QCOMPARE(end.status.exitCode, 3);
        QCOMPARE(end.closeCode, 1000);
        QCOMPARE(end.standardError, u"oops"_s);
        const auto request = server.requests().first();
        QCOMPARE(request.method, "GET"_ba);
        QVERIFY(request.target.startsWith("/api/v1/namespaces/jobs/pods/pod/exec?"));
        QVERIFY(request.target.contains("command=a%2Bb%20c") && !request.target.contains('#'));
        QCOMPARE(request.headers.value("host"), "127.0.0.1:" + QByteArray::number(server.port()));
        QCOMPARE(request.headers.value("authorization"), "Bearer t0ken"_ba);
        QCOMPARE(request.headers.value("sec-websocket-protocol"), "v5.channel.k8s.io, v4.channel.k8s.io"_ba);
        QCOMPARE(exec.connection->read(1), QByteArray()); // and no warning: the device is still open
    }

    void sendsAndReceivesWithTheHead()
    {
        ScriptedTlsServer server; // 101 and the whole conversation in one record
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.send(ScriptedPeer::upgradeHead(request, "v4.channel.k8s.io") + conversation("hello", success));
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.output, "hello"_ba);
        QCOMPARE(exec.connection->subprotocol(), "v4.channel.k8s.io"_ba);
        QCOMPARE(exec.ends.first().status.kind, ExecStatus::Kind::Success);
    }

    void neverTakesACloseForAnEnd_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("code");
        QTest::newRow("close 1000 without status") << channelFrame(1, "x") + closeFrame(1000) << 1000;
        QTest::newRow("close without code") << channelFrame(1, "x") + serverFrame(8, {}) << 1005;
        QTest::newRow("bare end") << channelFrame(1, "x") << 0;
        QTest::newRow("within a frame") << channelFrame(1, "x") + channelFrame(1, "yyyy").chopped(6) << 0;
        QTest::newRow("within the status") << channelFrame(1, "x") + channelFrame(3, success).chopped(1) << 0;
        QTest::newRow("half a fragmented status") << channelFrame(1, "x") + serverFrame(2, '\3' + success, false) << 0;
    }
    void neverTakesACloseForAnEnd()
    {
        QFETCH(const QByteArray, wire);
        QFETCH(const int, code);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(wire);
            peer.hangUp();
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.output, "x"_ba);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Closed);
        QCOMPARE(exec.ends.first().closeCode, code);
        QCOMPARE(exec.ends.first().status.kind, ExecStatus::Kind::Malformed);
    }

    void endsOnceWhereverTheConnectionIsCut()
    {
        const QByteArray output = "some output of a command";
        const QByteArray wire = conversation(output, success);
        const qsizetype statusEnd = wire.size() - closeFrame(1000).size();
        qsizetype cut = 0;
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(wire.first(cut));
            cut % 2 == 0 ? peer.hangUp() : peer.reset();
        });
        for (; cut <= wire.size(); cut += 5) {
            Exec exec(accessTo(server));
            QVERIFY(exec.run());
            QTest::qWait(0);
            QCOMPARE(exec.ends.size(), 1);
            QVERIFY(output.startsWith(exec.output));
            if (cut < statusEnd)
                QVERIFY(exec.ends.first().kind != ExecEnd::Kind::Status);
            if (cut % 2 == 0)
                QCOMPARE(exec.ends.first().kind, cut < statusEnd ? ExecEnd::Kind::Closed : ExecEnd::Kind::Status);
        }
    }

    void endsWhenOnlyTheCloseIsMissing()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(channelFrame(3, exitThree));
        });
        Exec exec(accessTo(server), {.closeLimit = 50ms});
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
        QCOMPARE(exec.ends.first().status.exitCode, 3);
        QCOMPARE(exec.ends.first().closeCode, 0);
    }

    void refusesWhatBreaksTheProtocol_data()
    {
        QTest::addColumn<QByteArray>("subprotocol");
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("masked frame") << "v5.channel.k8s.io"_ba << "\x82\x81\x01\x02\x03\x04x"_ba;
        QTest::newRow("no subprotocol") << ""_ba << channelFrame(1, "x");
        QTest::newRow("subprotocol not asked for") << "channel.k8s.io"_ba << channelFrame(1, "x");
    }
    void refusesWhatBreaksTheProtocol()
    {
        QFETCH(const QByteArray, subprotocol);
        QFETCH(const QByteArray, wire);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request, subprotocol);
            peer.send(wire);
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.output, QByteArray());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().refusal.kind, ApiError::Kind::Protocol);
    }

    void keepsARefusal_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<ApiError::Kind>("kind");
        QTest::addColumn<QString>("message");
        const auto json = [](int code, const char *reason, const char *message) {
            return QByteArray("{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"") + message +
                   "\",\"reason\":\"" + reason + "\",\"code\":" + QByteArray::number(code) + "}";
        };
        using enum ApiError::Kind;
        QTest::newRow("401") << 401 << json(401, "Unauthorized", "Unauthorized") << ""_ba << Unauthorized
                             << u"Unauthorized"_s;
        QTest::newRow("403") << 403 << json(403, "Forbidden", "pods x is forbidden: no") << ""_ba << Forbidden
                             << u"pods x is forbidden: no"_s;
        QTest::newRow("403 empty") << 403 << ""_ba << "Connection: close\r\n"_ba << Forbidden << QString();
        QTest::newRow("404") << 404 << json(404, "NotFound", "pods x not found") << ""_ba << NotFound
                             << u"pods x not found"_s;
        QTest::newRow("400") << 400 << json(400, "BadRequest", "container nope is not valid") << ""_ba << BadRequest
                             << u"container nope is not valid"_s;
        QTest::newRow("500 text") << 500 << "container not found (main)"_ba << ""_ba << ServerError
                                  << u"container not found (main)"_s;
        QTest::newRow("429") << 429 << "Too many requests\n"_ba << "Retry-After: 1\r\n"_ba << TooManyRequests
                             << u"Too many requests"_s;
    }
    void keepsARefusal()
    {
        QFETCH(const int, code);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, headers);
        QFETCH(const ApiError::Kind, kind);
        QFETCH(const QString, message);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(code, body, headers); });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.connected, 0);
        const ExecEnd end = exec.ends.first();
        QCOMPARE(end.kind, ExecEnd::Kind::Refused);
        QCOMPARE(end.refusal.kind, kind);
        QCOMPARE(end.refusal.httpCode, code);
        QCOMPARE(end.refusal.message, message);
        QCOMPARE(end.refusal.retryAfter, code == 429 ? std::optional(1s) : std::nullopt);
        QCOMPARE(server.requests().size(), code == 401 ? 2 : 1);
    }

    void findsAHalfOpenPeer()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.deafen(); // no pong either
        });
        Exec exec(accessTo(server), {.pingInterval = 10ms, .pingDeadline = 100ms});
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().refusal.kind, ApiError::Kind::Timeout);
    }

    void livesAsLongAsPongsCome()
    {
        ScriptedTlsServer server;
        int pings = 0;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            auto *timer = new QTimer(&peer);
            connect(timer, &QTimer::timeout, &peer, [&] {
                const auto count = std::ranges::count(peer.frames(), 9, &ClientFrame::opcode);
                for (; pings < count; ++pings)
                    peer.send(serverFrame(10, "danube"));
            });
            timer->start(5ms);
        });
        Exec exec(accessTo(server), {.pingInterval = 20ms, .pingDeadline = 200ms, .keepAlive = 15ms});
        exec.connection->start();
        QTRY_VERIFY(pings > 20);
        QVERIFY(exec.ends.isEmpty());
        const auto frames = server.lastPeer()->frames();
        QVERIFY(frames.contains(ClientFrame{2, {}})); // keeps the server's idle timer from ending the exec
        server.lastPeer()->send(serverFrame(9, "ping!"));
        QTRY_VERIFY(server.lastPeer()->frames().contains(ClientFrame{10, "ping!"}));
    }

    void endsOnceByAbort()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) { peer.upgrade(request); });
        Exec exec(accessTo(server));
        exec.connection->start();
        QTRY_COMPARE(exec.connected, 1);
        exec.connection->abort(u"the step was cancelled"_s);
        QVERIFY(exec.ends.isEmpty()); // never from within a call
        exec.connection->abort(u"again"_s);
        exec.connection->close();
        QTRY_COMPARE(exec.ends.size(), 1);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().message, u"the step was cancelled"_s);
        QTRY_VERIFY(!server.lastPeer()->isOpen());
        QVERIFY(std::ranges::none_of(server.lastPeer()->frames(), [](const ClientFrame &f) { return f.opcode == 8; }));
        Exec never(accessTo(server));
        never.connection->abort(u"before the start"_s);
        QTRY_COMPARE(never.ends.size(), 1);
    }

    void mayBeDestroyedByAnyOfItsSignals_data()
    {
        QTest::addColumn<int>("which");
        for (int which = 0; which < 3; ++which)
            QTest::addRow("%d", which) << which;
    }
    void mayBeDestroyedByAnyOfItsSignals()
    {
        QFETCH(const int, which);
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("x", success));
        });
        Exec exec(accessTo(server));
        const auto destroy = [&] { exec.connection.reset(); };
        if (which == 0)
            connect(exec.connection.get(), &ExecConnection::connected, this, destroy);
        else if (which == 1)
            connect(exec.connection.get(), &ExecConnection::readyRead, this, destroy);
        else
            connect(exec.connection.get(), &ExecConnection::readChannelFinished, this, destroy);
        exec.connection->start();
        QTRY_VERIFY(!exec.connection);
    }
};

QTEST_GUILESS_MAIN(TestExecConnection)
#include "tst_execconnection.moc"
