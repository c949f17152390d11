// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/kube/execfixture.h"

#include <QTemporaryDir>

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// How an exec reaches its API server, and whom it believes to be it.
class TestExecAccess : public QObject
{
    Q_OBJECT

private slots:
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
};

QTEST_GUILESS_MAIN(TestExecAccess)
#include "tst_execaccess.moc"
