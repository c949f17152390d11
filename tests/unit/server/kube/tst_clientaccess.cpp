// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeclock.h"
#include "tests/unit/server/kube/clientfixture.h"

#include <QTemporaryDir>

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

void write(const QString &fileName, const QByteArray &content)
{
    QFile file(fileName);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write");
    file.write(content);
}

} // namespace

/// As whom a client comes, and whom it believes to be the API server.
class TestClientAccess : public QObject
{
    Q_OBJECT

private slots:
    void readsTheTokenAnewAfterA401()
    {
        QTemporaryDir directory;
        ScriptedTlsServer server;
        ClusterAccess access = accessTo(server);
        access.tokenFile = directory.filePath(u"token"_s);
        write(access.tokenFile, "old\n");
        server.setHandler([&, fileName = access.tokenFile](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (request.headers.value("authorization") == "Bearer new")
                return peer.answer(201, "{}");
            write(fileName, "new\n");
            peer.answer(401, "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"Unauthorized\",\"reason\":"
                             "\"Unauthorized\",\"code\":401}");
        });
        World world(std::move(access));
        QVERIFY(world.ask(createPod()));
        QCOMPARE(server.requests().size(), 2);
    }

    void asksOnlyTwiceWithABadToken()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) {
            peer.answer(401, "no", "WWW-Authenticate: Basic realm=\"x\"\r\n");
        });
        World world(accessTo(server));
        const auto answer = world.ask(getPod());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ApiError::Kind::Unauthorized);
        QCOMPARE(server.requests().size(), 2);
    }

    void readsATokenFileOnceASecond()
    {
        QTemporaryDir directory;
        FakeClock clock;
        ClusterAccess access;
        access.tokenFile = directory.filePath(u"token"_s);
        const QString fileName = access.tokenFile;
        Credentials credentials(std::move(access), &clock);
        QVERIFY(!credentials.authorization());
        write(fileName, "one\n");
        QCOMPARE(credentials.authorization().value(), "Bearer one"_ba);
        write(fileName, "two\n");
        QCOMPARE(credentials.authorization().value(), "Bearer one"_ba);
        clock.advance(1s);
        QCOMPARE(credentials.authorization().value(), "Bearer two"_ba);
        write(fileName, "bad\r\nX-Header: y");
        credentials.forget();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"token not read .*holds no token"_s));
        QCOMPARE(credentials.authorization().value(), "Bearer two"_ba); // a broken file takes no token away
        write(fileName, "three");
        credentials.forget();
        QCOMPARE(credentials.authorization().value(), "Bearer three"_ba);
    }

    void judgesTheServersCertificate_data()
    {
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<bool>("isOtherAuthority");
        QTest::addColumn<QString>("serverName");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("other authority") << "IP:127.0.0.1"_ba << true << QString()
                                         << u"not signed by the configured authority"_s;
        QTest::newRow("other name") << "DNS:api.example"_ba << false << QString() << u"for another name"_s;
        QTest::newRow("tls-server-name") << "DNS:api.example"_ba << false << u"api.example"_s << QString();
    }
    void judgesTheServersCertificate()
    {
        QFETCH(const QByteArray, names);
        QFETCH(const bool, isOtherAuthority);
        QFETCH(const QString, serverName);
        QFETCH(const QString, sentence);
        ScriptedTlsServer server({.names = names.constData()});
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(200, "{}"); });
        ClusterAccess access = accessTo(server);
        if (isOtherAuthority)
            access.caPem = TestAuthority("other").certificate();
        access.tlsServerName = serverName;
        World world(std::move(access));
        const auto answer = world.ask(getPod());
        QCOMPARE(answer.has_value(), sentence.isEmpty());
        QCOMPARE(server.requests().size(), sentence.isEmpty() ? 1 : 0);
        if (!answer) {
            QCOMPARE(answer.error().kind, ApiError::Kind::Tls);
            QVERIFY2(answer.error().message.contains(sentence), qPrintable(answer.error().message));
            QCOMPARE(world.client->counts().requests, 1U); // not tried again
        }
    }

    void showsItsClientCertificate()
    {
        ScriptedTlsServer server({.wantsClientCertificate = true});
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(200, "{}"); });
        const TestIdentity identity = server.authority().issue("DNS:me");
        ClusterAccess access = accessTo(server);
        access.clientCertificate = identity.certificate;
        access.clientKey = Secret(identity.key);
        World world(std::move(access));
        QVERIFY(world.ask(createPod()));
        World without(accessTo(server));
        QVERIFY(!without.ask(createPod()));
    }

    void refusesBadAccess_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("caPem");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("http elsewhere") << u"http://cluster.invalid"_s << ""_ba << u"only https"_s;
        QTest::newRow("no PEM") << u"https://127.0.0.1:1"_s << "nonsense"_ba << u"no PEM certificate"_s;
    }
    void refusesBadAccess()
    {
        QFETCH(const QString, url);
        QFETCH(const QByteArray, caPem);
        QFETCH(const QString, sentence);
        ClusterAccess access;
        access.server = QUrl(url);
        access.caPem = caPem;
        World world(std::move(access));
        const auto answer = world.ask(getPod());
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.contains(sentence), qPrintable(answer.error().message));
        QCOMPARE(world.client->counts().requests, 0U);
    }
};

QTEST_GUILESS_MAIN(TestClientAccess)
#include "tst_clientaccess.moc"
