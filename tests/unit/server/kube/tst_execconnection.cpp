// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execconnection.h"

#include "tests/support/kube/scriptedtlsserver.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QByteArray exitThree =
    "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated\",\"reason\":"
    "\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}";
const QByteArray success = "{\"metadata\":{},\"status\":\"Success\"}";

ClusterAccess accessTo(const ScriptedTlsServer &server)
{
    ClusterAccess access;
    access.server = QUrl(server.url());
    access.caPem = server.authority().certificate();
    access.token = Secret("t0ken");
    return access;
}

Request execRequest()
{
    return requests::exec(u"jobs"_s, u"pod"_s, {.container = u"main"_s, .command = {u"a+b c"_s}});
}

/// One exec at a server, and all that it tells.
struct Exec
{
    explicit Exec(ClusterAccess access, ExecConnection::Settings settings = {})
        : credentials(std::make_shared<Credentials>(std::move(access))),
          connection(std::make_unique<ExecConnection>(credentials, execRequest(), std::move(settings)))
    {
        QObject::connect(connection.get(), &ExecConnection::readyRead, connection.get(), [this] {
            if (isReading)
                output += connection->readAll();
        });
        QObject::connect(connection.get(), &ExecConnection::connected, connection.get(), [this] { ++connected; });
        QObject::connect(connection.get(), &ExecConnection::ended, connection.get(),
                         [this](const ExecEnd &end) { ends.append(end); });
    }
    bool run()
    {
        connection->start();
        return QTest::qWaitFor([this] { return !ends.isEmpty(); }, 20'000);
    }

    std::shared_ptr<Credentials> credentials;
    std::unique_ptr<ExecConnection> connection;
    bool isReading = true;
    QByteArray output;
    int connected = 0;
    QList<ExecEnd> ends;
};

QByteArray randomBytes(QRandomGenerator &random, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    std::ranges::generate(bytes, [&] { return static_cast<char>(random.generate()); });
    return bytes;
}

/// A whole conversation after the 101: some output, noise on other channels, status and close.
QByteArray conversation(const QByteArray &output, const QByteArray &status)
{
    return channelFrame(1, {}) + channelFrame(1, output.first(output.size() / 2)) + channelFrame(2, "oops") +
           serverFrame(9, "p") + channelFrame(9, "unknown") + serverFrame(2, {}) +
           channelFrame(1, output.sliced(output.size() / 2)) + channelFrame(3, status) + closeFrame(1000);
}

/// A proxy that understands CONNECT and nothing else.
class ConnectProxy : public QTcpServer
{
public:
    ConnectProxy()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *client = nextPendingConnection();
            connect(client, &QTcpSocket::readyRead, this, [this, client] { onRead(client); });
        });
        listen(QHostAddress::LocalHost);
    }
    QByteArray head;

private:
    void onRead(QTcpSocket *client)
    {
        if (auto *target = client->findChild<QTcpSocket *>()) {
            target->write(client->readAll());
            return;
        }
        head += client->readAll();
        if (!head.endsWith("\r\n\r\n"))
            return;
        auto *target = new QTcpSocket(client);
        target->setReadBufferSize(64 << 10);
        const auto pump = [client, target] {
            if (client->bytesToWrite() < (64 << 10))
                client->write(target->readAll());
        };
        connect(target, &QTcpSocket::readyRead, client, pump);
        connect(client, &QTcpSocket::bytesWritten, client, pump);
        const auto to = head.split(' ').value(1).split(':');
        target->connectToHost(QString::fromLatin1(to.value(0)), to.value(1).toUShort());
        client->write("HTTP/1.1 200 Connection established\r\n\r\n");
    }
};

} // namespace

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

    void givesTheExactOutputOverAnyCuts_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 6; ++seed)
            QTest::addRow("%d", seed) << seed;
    }
    void givesTheExactOutputOverAnyCuts()
    {
        QFETCH(const int, seed);
        QRandomGenerator random(static_cast<quint32>(seed));
        QByteArray expected;
        QByteArray wire;
        for (int i = 0; i < 60; ++i) {
            const QByteArray data = randomBytes(random, random.bounded(i % 7 == 0 ? 40'000 : 300));
            expected += data;
            const qsizetype cut = random.bounded(int(data.size()) + 1);
            if (i % 5 == 0) // a fragmented message, with a ping within
                wire += serverFrame(2, '\1' + data.first(cut), false) + serverFrame(9, "x") +
                        serverFrame(0, data.sliced(cut));
            else
                wire += channelFrame(1, data.first(cut)) + channelFrame(2, "e") + channelFrame(1, data.sliced(cut));
        }
        wire += channelFrame(3, success) + closeFrame(1000);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            auto *timer = new QTimer(&peer);
            connect(timer, &QTimer::timeout, &peer, [&, timer] {
                const qsizetype size = std::min<qsizetype>(wire.size(), 1 + random.bounded(20'000));
                peer.send(wire.first(size));
                wire.remove(0, size);
                if (wire.isEmpty())
                    timer->stop();
            });
            timer->start(0);
        });
        Exec exec(accessTo(server), {.readBuffer = 10'000});
        QVERIFY(exec.run());
        QVERIFY(exec.output == expected);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
        QCOMPARE(exec.ends.first().standardError.size(), 48);
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

    void readsTheTokenAnewAfterA401()
    {
        QTemporaryDir directory;
        const QString fileName = directory.filePath(u"token"_s);
        const auto write = [&](const QByteArray &token) {
            QFile file(fileName);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(token);
        };
        write("old\n");
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (request.headers.value("authorization") != "Bearer new") {
                write("new\n");
                return peer.answer(401, "no");
            }
            peer.upgrade(request);
            peer.send(conversation("in", success));
        });
        ClusterAccess access = accessTo(server);
        access.tokenFile = fileName;
        Exec exec(std::move(access));
        exec.connection->write("early");
        QVERIFY(exec.run());
        QCOMPARE(exec.output, "in"_ba);
        QCOMPARE(server.requests().size(), 2);
    }

    void writesOnlyAfterTheUpgrade()
    {
        ScriptedTlsServer server;
        std::optional<ScriptedRequest> asked;
        server.setHandler([&](ScriptedPeer &, const ScriptedRequest &request) { asked = request; });
        Exec exec(accessTo(server));
        QCOMPARE(exec.connection->write("early "), 6);
        QCOMPARE(exec.connection->bytesToWrite(), 6);
        exec.connection->start();
        QTRY_VERIFY(asked);
        QTest::qWait(20);
        QCOMPARE(server.lastPeer()->received(), QByteArray());
        server.lastPeer()->upgrade(*asked);
        QTRY_COMPARE(exec.connected, 1);
        exec.connection->write("late");
        QTRY_COMPARE(server.lastPeer()->standardInput(), "early late"_ba);
        QTRY_COMPARE(exec.connection->bytesToWrite(), 0);
        exec.connection->abort(u"enough"_s);
    }

    void carriesLargeInputExactly()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) { peer.upgrade(request); });
        QRandomGenerator random(5);
        const QByteArray input = randomBytes(random, 5'000'000);
        Exec exec(accessTo(server));
        exec.connection->start();
        QTRY_COMPARE(exec.connected, 1);
        QCOMPARE(exec.connection->write(input), input.size());
        QTRY_VERIFY(server.lastPeer()->received().size() > input.size());
        QTRY_VERIFY(server.lastPeer()->standardInput() == input);
    }

    void refusesMoreInputThanMayWait()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.deafen();
        });
        Exec exec(accessTo(server));
        const QByteArray piece(1 << 20, 'x');
        for (int i = 0; i < 8; ++i)
            QCOMPARE(exec.connection->write(piece), piece.size());
        QCOMPARE(exec.connection->write("y"), -1);
        QVERIFY(exec.connection->errorString().contains("8 MiB"_L1));
        exec.connection->start();
        QTRY_COMPARE(exec.connected, 1);
        QTRY_VERIFY(exec.connection->write(piece) < 0); // the server reads nothing
        QVERIFY(exec.connection->bytesToWrite() < (9 << 20));
        QVERIFY(exec.connection->isConnected());
    }

    void takesAFrameOf20MiB()
    {
        QRandomGenerator random(20);
        const QByteArray output = randomBytes(random, 20 << 20);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(channelFrame(1, output) + channelFrame(3, success) + closeFrame(1000));
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QVERIFY(exec.output == output);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
    }

    void stopsTheServerWhenNobodyReads_data()
    {
        QTest::addColumn<bool>("throughProxy");
        QTest::newRow("directly") << false;
        QTest::newRow("through a proxy") << true;
    }
    void stopsTheServerWhenNobodyReads()
    {
        QFETCH(const bool, throughProxy);
        constexpr qint64 total = 64 << 20;
        const QByteArray frame = channelFrame(1, QByteArray(32 << 10, 'z'));
        qint64 left = total / (32 << 10);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            const auto fill = [&] {
                while (left > 0 && peer.unsent() < (1 << 20)) {
                    peer.send(frame);
                    if (--left == 0)
                        peer.send(channelFrame(3, success) + closeFrame(1000));
                }
            };
            connect(&peer, &ScriptedPeer::writable, &peer, fill);
            fill();
        });
        ConnectProxy proxy;
        ClusterAccess access = accessTo(server);
        if (throughProxy)
            access.proxy = QUrl(u"http://127.0.0.1:%1"_s.arg(proxy.serverPort()));
        Exec exec(std::move(access), {.readBuffer = 1 << 20, .pingInterval = 10ms, .pingDeadline = 50ms});
        exec.isReading = false;
        exec.connection->start();
        qint64 before = -1;
        QTRY_VERIFY_WITH_TIMEOUT(std::exchange(before, left) == left && (QTest::qWait(150), before == left), 20'000);
        const qint64 taken = total - left * (32 << 10);
        QVERIFY2(taken < (24 << 20), qPrintable(QString::number(taken))); // the rest of it is the kernel's buffers
        QVERIFY(exec.connection->bytesAvailable() <= (1 << 20) + (320 << 10));
        QVERIFY(exec.ends.isEmpty()); // it is not the server that is silent
        exec.isReading = true;
        exec.output = exec.connection->readAll();
        QTRY_COMPARE_WITH_TIMEOUT(exec.ends.size(), 1, 30'000);
        QCOMPARE(exec.output.size() + exec.connection->bytesAvailable(), total);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
    }

    void keepsUnreadOutputAfterTheEnd()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("still here", success));
        });
        Exec exec(accessTo(server));
        exec.isReading = false;
        QVERIFY(exec.run());
        QCOMPARE(exec.connection->read(5), "still"_ba);
        QCOMPARE(exec.connection->readAll(), " here"_ba);
        QCOMPARE(exec.connection->write("x"), -1);
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

    void judgesTheServersCertificate_data()
    {
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<bool>("isExpired");
        QTest::addColumn<bool>("isOtherAuthority");
        QTest::addColumn<QString>("serverName");
        QTest::addColumn<bool>("verifies");
        QTest::addColumn<QString>("sentence"); // empty = accepted
        const QByteArray good = "IP:127.0.0.1";
        const QString none;
        QTest::newRow("good") << good << false << false << none << true << none;
        QTest::newRow("other authority") << good << false << true << none << true
                                         << u"not signed by the configured authority"_s;
        QTest::newRow("expired") << good << true << false << none << true << u"has expired"_s;
        QTest::newRow("other name") << "DNS:api.example"_ba << false << false << none << true << u"for another name"_s;
        QTest::newRow("tls-server-name") << "DNS:api.example"_ba << false << false << u"api.example"_s << true << none;
        QTest::newRow("wrong tls-server-name")
            << good << false << false << u"api.example"_s << true << u"for another name"_s;
        QTest::newRow("not verified, as asked") << "DNS:api.example"_ba << true << true << none << false << none;
    }
    void judgesTheServersCertificate()
    {
        QFETCH(const QByteArray, names);
        QFETCH(const bool, isExpired);
        QFETCH(const bool, isOtherAuthority);
        QFETCH(const QString, serverName);
        QFETCH(const bool, verifies);
        QFETCH(const QString, sentence);
        using Validity = TestAuthority::Validity;
        ScriptedTlsServer server(
            {.names = names.constData(), .validity = isExpired ? Validity::Expired : Validity::Now});
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("in", success));
        });
        ClusterAccess access = accessTo(server);
        if (isOtherAuthority)
            access.caPem = TestAuthority("other").certificate();
        access.tlsServerName = serverName;
        access.verifyPeer = verifies;
        Exec exec(std::move(access));
        QVERIFY(exec.run());
        const ExecEnd end = exec.ends.first();
        QCOMPARE(end.kind, sentence.isEmpty() ? ExecEnd::Kind::Status : ExecEnd::Kind::Broken);
        QCOMPARE(server.requests().size(), sentence.isEmpty() ? 1 : 0);
        if (!sentence.isEmpty()) {
            QCOMPARE(end.refusal.kind, ApiError::Kind::Tls);
            QVERIFY2(end.message.contains(sentence), qPrintable(end.message));
        }
    }

    void showsItsClientCertificate()
    {
        ScriptedTlsServer server({.wantsClientCertificate = true});
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("in", success));
        });
        ClusterAccess access = accessTo(server);
        const TestIdentity identity = server.authority().issue("DNS:me");
        access.clientCertificate = identity.certificate;
        access.clientKey = Secret(identity.key);
        Exec exec(std::move(access));
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
        Exec without(accessTo(server));
        QVERIFY(without.run());
        QCOMPARE(without.ends.first().kind, ExecEnd::Kind::Broken);
    }

    void connectsInPlainOnlyToThisMachine()
    {
        ScriptedTlsServer server({.isPlain = true});
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("plain", success));
        });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.output, "plain"_ba);
        ClusterAccess elsewhere;
        elsewhere.server = QUrl(u"http://cluster.invalid:80"_s);
        Exec refused(std::move(elsewhere));
        QVERIFY(refused.run());
        QCOMPARE(refused.ends.first().kind, ExecEnd::Kind::Broken);
        QVERIFY(refused.ends.first().message.contains("only https"_L1));
    }

    void goesThroughAProxy()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            peer.upgrade(request);
            peer.send(conversation("far", success));
        });
        ConnectProxy proxy;
        ClusterAccess access = accessTo(server);
        access.proxy = QUrl(u"http://user:word@127.0.0.1:%1"_s.arg(proxy.serverPort()));
        Exec exec(std::move(access));
        QVERIFY(exec.run());
        QCOMPARE(exec.output, "far"_ba);
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Status);
        QVERIFY(proxy.head.startsWith("CONNECT 127.0.0.1:"));
    }

    void givesUpASilentServer()
    {
        ScriptedTlsServer server; // takes the request, and that is all
        Exec exec(accessTo(server), {.connectLimit = 200ms});
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().refusal.kind, ApiError::Kind::Timeout);
    }

    void tellsWhenNobodyListens()
    {
        ScriptedTlsServer server;
        ClusterAccess access = accessTo(server);
        server.shut();
        Exec exec(std::move(access));
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().refusal.kind, ApiError::Kind::Network);
    }

    void tellsWhenTheServerHangsUpBeforeItsAnswer()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.hangUp(); });
        Exec exec(accessTo(server));
        QVERIFY(exec.run());
        QCOMPARE(exec.ends.first().kind, ExecEnd::Kind::Broken);
        QCOMPARE(exec.ends.first().refusal.kind, ApiError::Kind::Network);
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
