// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/connectiontest.h"
#include "tests/support/fakemaster.h"

#include <QAbstractItemModelTester>
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
