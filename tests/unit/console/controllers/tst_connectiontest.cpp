// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/connectiontest.h"
#include "tests/support/fakemaster.h"

#include <QAbstractItemModelTester>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestConnectionTest : public QObject
{
    Q_OBJECT
    static Profile profileOf(const QUrl &url) { return {u"demo"_s, url.toString()}; }

private slots:
    void goesTheWholeWay()
    {
        FakeMaster master;
        master.events().setHeartbeat(milliseconds(50));
        ConnectionTest test(profileOf(master.url()), Secret("token"));
        const QAbstractItemModelTester tester(&test);
        const QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY2(test.state(ConnectionTest::Stream) == ConnectionTest::State::Passed, qPrintable(test.toText()));
        QCOMPARE(test.state(ConnectionTest::Tls), ConnectionTest::State::Skipped);
    }
    void aProviderThatLeadsElsewhereIsNoProvider() // as when signing in
    {
        const FakeHttpServer provider([](const FakeRequest &request, FakeConnection &connection) {
            if (request.path.startsWith("/.well-known"_L1))
                return connection.reply({.status = 302, .headers = {{"Location", "/elsewhere"}}});
            const QString self = u"http://"_s + QString::fromLatin1(request.headers.value("host"));
            const QJsonObject found{{u"issuer"_s, self},
                                    {u"authorization_endpoint"_s, self + u"/auth"_s},
                                    {u"token_endpoint"_s, self + u"/token"_s}};
            connection.reply({.body = QJsonDocument(found).toJson()});
        });
        FakeMaster master;
        master.events().setHeartbeat(milliseconds(50));
        Profile profile = profileOf(master.url());
        profile.issuer = provider.url().toString();
        ConnectionTest test(profile, Secret("token"));
        const QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY2(test.state(ConnectionTest::Issuer) == ConnectionTest::State::Failed, qPrintable(test.toText()));
    }
    void anAnswerAfterTheEndChangesNothing()
    {
        QPointer<FakeConnection> asked;
        const FakeHttpServer server([&](const FakeRequest &, FakeConnection &connection) { asked = &connection; });
        ConnectionTest test(profileOf(server.url()), Secret("token"));
        test.setPatience(milliseconds(200));
        QSignalSpy finished(&test, &ConnectionTest::finished);
        QSignalSpy changed(&test, &ConnectionTest::dataChanged);
        test.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(test.state(ConnectionTest::Health), ConnectionTest::State::Failed);
        QCOMPARE(test.state(ConnectionTest::Stream), ConnectionTest::State::Skipped);
        QVERIFY(asked);
        changed.clear();
        asked->reply({.body = R"({"status":"ok","version":"0.1.0","uptime_ms":5000})"});
        QVERIFY(!changed.wait(500));
        QCOMPARE(finished.size(), 1);
        QCOMPARE(test.state(ConnectionTest::Health), ConnectionTest::State::Failed);
    }
};

QTEST_GUILESS_MAIN(TestConnectionTest)
#include "tst_connectiontest.moc"
