// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/kube/execfixture.h"

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// What goes through an exec: every byte, in bounded memory.
class TestExecData : public QObject
{
    Q_OBJECT

private slots:
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
};

QTEST_GUILESS_MAIN(TestExecData)
#include "tst_execdata.moc"
