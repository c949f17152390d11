// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/rpcclient.h"

#include "fakerpcserver.h"

#include <QSet>
#include <QTest>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;
using tests::FakeRpcServer;
using Act = FakeRpcServer::Act;
using Reply = FakeRpcServer::Reply;

class TestRpcClient : public QObject
{
    Q_OBJECT
private:
    static RpcSettings settingsFor(quint16 port)
    {
        RpcSettings settings;
        settings.endpoint = {u"127.0.0.1"_s, port};
        settings.token = Secret("tok");
        settings.timing = {milliseconds(2000), milliseconds(100), milliseconds(400)};
        settings.retryBase = milliseconds(10);
        settings.retryCap = milliseconds(50);
        return settings;
    }
    struct Answers
    {
        QList<Result<QJsonObject>> all;
        auto take()
        {
            return [this](Result<QJsonObject> answer) { all.append(std::move(answer)); };
        }
    };

private slots:
    void sendsJsonWithTheToken()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, R"({"value":"v"})"}; };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        client.post("/rpc/get-secret", {{u"key"_s, u"K"_s}}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QCOMPARE(answers.all[0].value().value("value"_L1), u"v"_s);
        const auto &request = server.requests.first();
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.path, "/rpc/get-secret");
        QCOMPARE(request.authorization, "Bearer tok");
        QCOMPARE(request.json().value("key"_L1), u"K"_s);
    }
    void keepsManyCallsOnOneConnection()
    {
        FakeRpcServer server;
        server.handler = [](const auto &request) { return Reply{200, request.body, {}, Act::Later}; };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        for (int i = 0; i < 100; ++i)
            client.post("/rpc/run-step", {{u"n"_s, i}}, this, answers.take());
        QTRY_COMPARE(server.requests.size(), 100);
        server.release();
        QTRY_COMPARE(answers.all.size(), 100);
        QCOMPARE(server.connections, 1);
        QSet<int> seen;
        for (const auto &answer : answers.all)
            seen.insert(answer.value().value("n"_L1).toInt(-1));
        QCOMPARE(seen.size(), 100);
    }
    void makesFinalRefusalsErrors()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) {
            return Reply{403, R"({"type":"urn:danube:problem:permission-denied","status":403,"detail":"not yours"})"};
        };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        client.post("/rpc/get-secret", {}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QCOMPARE(answers.all[0].error(), (Error{ErrorCode::PermissionDenied, u"not yours"_s}));
        QCOMPARE(server.requests.size(), 1);
    }
    void refusesAnAnswerThatIsNoJson()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "<html>"}; };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        client.post("/rpc/get-secret", {}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QVERIFY(!answers.all[0]);
    }
    void retriesUntilAnswered_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<int>("status");
        QTest::newRow("connection dropped") << int(Act::Drop) << 200;
        QTest::newRow("dropped in the middle") << int(Act::DropMiddle) << 200;
        QTest::newRow("stream refused") << int(Act::Refuse) << 200;
        QTest::newRow("silent peer") << int(Act::Silence) << 200;
        QTest::newRow("draining") << int(Act::Answer) << 503;
        QTest::newRow("bad gateway") << int(Act::Answer) << 502;
        QTest::newRow("too many requests") << int(Act::Answer) << 429;
    }
    void retriesUntilAnswered()
    {
        QFETCH(int, act);
        QFETCH(int, status);
        FakeRpcServer server;
        int calls = 0;
        server.handler = [&](const auto &) {
            if (++calls <= 2)
                return Reply{status, R"({"attempt":"bad"})", {}, static_cast<Act>(act)};
            return Reply{200, R"({"attempt":"good"})"};
        };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        client.post("/rpc/run-step", {{u"request_id"_s, u"r1"_s}}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QCOMPARE(answers.all[0].value().value("attempt"_L1), u"good"_s);
        QCOMPARE(server.requests.size(), 3);
        for (const auto &request : server.requests)
            QCOMPARE(request.json().value("request_id"_L1), u"r1"_s); // the same request, not a new one
    }
    void waitsForAMasterThatIsAway()
    {
        FakeRpcServer server;
        const auto port = server.port();
        server.stop();
        RpcClient client(settingsFor(port));
        Answers answers;
        client.post("/rpc/run-step", {}, this, answers.take());
        QVERIFY(!QTest::qWaitFor([&] { return !answers.all.isEmpty(); }, 300));
        QVERIFY(server.listen(port));
        QTRY_COMPARE(answers.all.size(), 1);
        QVERIFY(answers.all[0]);
    }
    void survivesARestartWithCallsOpen()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "{}", {}, Act::Later}; };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        for (int i = 0; i < 4; ++i)
            client.post("/rpc/run-step", {{u"request_id"_s, QString::number(i)}}, this, answers.take());
        QTRY_COMPARE(server.requests.size(), 4);
        server.stop();
        server.handler = [](const auto &request) { return Reply{200, request.body}; };
        QVERIFY(server.listen(server.port()));
        QTRY_COMPARE(answers.all.size(), 4);
        QCOMPARE(server.requests.size(), 8);
    }
    void answersOnADrainingConnectionStillCount()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "{}", {}, Act::GoAwayFirst}; };
        RpcClient client(settingsFor(server.port()));
        Answers answers;
        client.post("/rpc/get-secret", {}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QVERIFY(answers.all[0]);
        client.post("/rpc/get-secret", {}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 2);
        QCOMPARE(server.requests.size(), 2); // once each
        QCOMPARE(server.connections, 2);
    }
    void keepsALongCallOverQuietTime()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "{}", {}, Act::Later}; };
        auto settings = settingsFor(server.port());
        settings.timing = {seconds(60), milliseconds(100), seconds(5)}; // long enough for a machine that is busy
        RpcClient client(std::move(settings));
        Answers answers;
        client.post("/rpc/run-step", {}, this, answers.take());
        // Many ping intervals and more than the silence that would end the connection.
        QVERIFY(!QTest::qWaitFor([&] { return !answers.all.isEmpty(); }, 6'000));
        server.release();
        QTRY_COMPARE(answers.all.size(), 1);
        QCOMPARE(server.requests.size(), 1);
        QCOMPARE(server.connections, 1);
    }
    void blamesNobodyForItsOwnPause()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "{}", {}, Act::Later}; };
        auto settings = settingsFor(server.port());
        settings.timing = {seconds(60), milliseconds(1), seconds(1)}; // a ping is nearly always under way
        RpcClient client(std::move(settings));
        Answers answers;
        client.post("/rpc/run-step", {}, this, answers.take());
        QTRY_COMPARE(server.requests.size(), 1);
        // Server and client share the thread, so neither runs. The pauses come from outside of their own handlers.
        for (int i = 0; i < 3; ++i) {
            QTest::qWait(5);
            QThread::msleep(1'500);
        }
        server.release();
        QTRY_COMPARE(answers.all.size(), 1);
        QCOMPARE(server.connections, 1);
    }
    void staysSilentForAContextThatIsGone()
    {
        FakeRpcServer server;
        RpcClient client(settingsFor(server.port()));
        Answers gone;
        Answers answers;
        auto context = std::make_unique<QObject>();
        client.post("/rpc/get-secret", {}, context.get(), gone.take());
        context.reset();
        client.post("/rpc/get-secret", {}, this, answers.take());
        QTRY_COMPARE(answers.all.size(), 1);
        QVERIFY(gone.all.isEmpty());
    }
    void readsUrls_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("authority");
        QTest::newRow("name") << u"http://danube-master.danube-system:9000"_s << "danube-master.danube-system:9000"_ba;
        QTest::newRow("slash") << u"http://127.0.0.1:1/"_s << "127.0.0.1:1"_ba;
        QTest::newRow("IPv6") << u"http://[::1]:9000"_s << "[::1]:9000"_ba;
        for (const auto &bad :
             {u"https://h:1"_s, u"http://h"_s, u"h:9000"_s, u"http://:9000"_s, u"http://h:1/path"_s, u""_s})
            QTest::newRow(qPrintable(u"not '%1'"_s.arg(bad))) << bad << QByteArray();
    }
    void readsUrls()
    {
        QFETCH(QString, url);
        const auto endpoint = parseRpcUrl(url);
        QTEST(endpoint ? endpoint->authority() : QByteArray(), "authority");
    }
};

QTEST_GUILESS_MAIN(TestRpcClient)
#include "tst_rpcclient.moc"
