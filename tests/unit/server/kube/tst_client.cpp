// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/transport.h"
#include "tests/unit/server/kube/clientfixture.h"

#include <QNetworkReply>

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Requests and their answers, what is repeated and what is waited for.
class TestClient : public QObject
{
    Q_OBJECT

private slots:
    void sendsWhatIsAskedFor()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(201, "{\"a\":1}"); });
        ClusterAccess access = accessTo(server);
        access.server.setPath(u"/prefix/"_s);
        World world(std::move(access));
        world.client->send(createPod(), this, world.take());
        QVERIFY(world.answers.isEmpty()); // never from within the call
        QTRY_COMPARE(world.answers.size(), 1);
        QCOMPARE(world.answers.first().value(), (QJsonObject{{u"a"_s, 1}}));
        const auto request = server.requests().first();
        QCOMPARE(request.method, "POST"_ba);
        QCOMPARE(request.target,
                 "/prefix/api/v1/namespaces/jobs/pods?" + createPod().query.toString(QUrl::FullyEncoded).toLatin1());
        QCOMPARE(request.headers.value("authorization"), "Bearer t0ken"_ba);
        QCOMPARE(request.headers.value("content-type"), "application/json"_ba);
        QCOMPARE(request.headers.value("user-agent"), "danube"_ba);
        QCOMPARE(request.headers.value("accept-encoding"), "identity"_ba);
        QCOMPARE(request.body, createPod().body);
    }

    void usesOneConnectionForOneAfterTheOther()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(200, "{}"); });
        World world(accessTo(server));
        for (int i = 0; i < 10; ++i)
            QVERIFY(world.ask(i % 2 == 0 ? getPod() : createPod()));
        QCOMPARE(server.requests().size(), 10);
        QCOMPARE(server.connections(), 1);
    }

    void tellsWhyItWasRefused_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ApiError::Kind>("kind");
        QTest::addColumn<QString>("message");
        using enum ApiError::Kind;
        const QByteArray json = "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"because\",\"reason\":\"R\"}";
        QTest::newRow("400") << 400 << json << BadRequest << u"because"_s;
        QTest::newRow("403") << 403 << json << Forbidden << u"because"_s;
        QTest::newRow("404") << 404 << json << NotFound << u"because"_s;
        QTest::newRow("409") << 409 << json << Conflict << u"because"_s;
        QTest::newRow("410") << 410 << json << Expired << u"because"_s;
        QTest::newRow("422") << 422 << json << BadRequest << u"because"_s;
        QTest::newRow("500") << 500 << "boom"_ba << ServerError << u"boom"_s;
        QTest::newRow("no JSON") << 200 << "<html>"_ba << Protocol
                                 << u"the answer is not the expected JSON: illegal value"_s;
        QTest::newRow("an array") << 200 << "[]"_ba << Protocol
                                  << u"the answer is not the expected JSON: it is no object"_s;
        QTest::newRow("redirect") << 307 << ""_ba << Protocol << u"a redirect (307), which is not followed"_s;
    }
    void tellsWhyItWasRefused()
    {
        QFETCH(const int, code);
        QFETCH(const QByteArray, body);
        QFETCH(const ApiError::Kind, kind);
        QFETCH(const QString, message);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            peer.answer(code, body, code == 307 ? "Location: /else\r\n" : "");
        });
        World world(accessTo(server));
        const auto answer = world.ask(createPod());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, kind);
        QCOMPARE(answer.error().message, message);
        QCOMPARE(server.requests().size(), 1);
    }

    void waitsAsA429Says_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("isPost");
        QTest::addColumn<int>("atLeast");
        QTest::newRow("GET") << "Retry-After: 1\r\n"_ba << false << 1000;
        QTest::newRow("POST, for the server did nothing") << "Retry-After: 1\r\n"_ba << true << 1000;
        QTest::newRow("without a time") << ""_ba << true << 0;
    }
    void waitsAsA429Says()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const bool, isPost);
        QFETCH(const int, atLeast);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            if (server.requests().size() == 1)
                return peer.answer(429, "Too many requests, please try again later.\n", header);
            peer.answer(200, "{}");
        });
        World world(accessTo(server));
        QVERIFY(world.ask(isPost ? createPod() : getPod()));
        QCOMPARE(server.requests().size(), 2);
        QVERIFY(server.requests()[1].at - server.requests()[0].at >= milliseconds(atLeast));
        QCOMPARE(world.client->counts().refused429, 1U);
        QCOMPARE(world.client->counts().repeated, 1U);
    }

    void holdsUpAllOthersDuringA429()
    {
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            if (server.requests().size() == 1)
                return peer.answer(429, "no", "Retry-After: 1\r\n");
            peer.answer(200, "{}");
        });
        World world(accessTo(server));
        world.client->send(getPod(), this, world.take());
        QTRY_COMPARE(world.client->counts().refused429, 1U);
        for (int i = 0; i < 5; ++i)
            world.client->send(getPod(), this, world.take());
        QTRY_COMPARE(world.answers.size(), 6);
        QCOMPARE(server.requests().size(), 7);
        for (int i = 1; i < 7; ++i)
            QVERIFY(server.requests()[i].at - server.requests()[0].at >= 1s);
    }

    void givesUpA429ThatOutlivesItsDeadline()
    {
        ScriptedTlsServer server;
        server.setHandler(
            [&](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(429, "no", "Retry-After: 60\r\n"); });
        World world(accessTo(server));
        Request request = getPod();
        request.deadline = 5s;
        const auto answer = world.ask(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ApiError::Kind::TooManyRequests);
        QCOMPARE(server.requests().size(), 1);
    }

    void sendsNoFasterThanItsLimit()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(200, "{}"); });
        World world(accessTo(server), {.qps = 50, .burst = 5});
        QVERIFY(world.ask(requests::version())); // connected now
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 30; ++i)
            world.client->send(getPod(), this, world.take());
        QTRY_COMPARE_WITH_TIMEOUT(world.answers.size(), 31, 20'000);
        const auto took = server.requests().last().at - begin;
        QVERIFY(took >= 500ms); // 25 after the burst, 20 ms each
        QCOMPARE(server.requests().size(), 31);
    }

    void repeatsOnlyWhatMayBeRepeated_data()
    {
        QTest::addColumn<bool>("isRepeatable");
        QTest::addColumn<bool>("hangsUp");
        QTest::addRow("get, 503") << true << false;
        QTest::addRow("get, lost") << true << true;
        QTest::addRow("create, 503") << false << false;
        QTest::addRow("create, lost") << false << true;
    }
    void repeatsOnlyWhatMayBeRepeated()
    {
        QFETCH(const bool, isRepeatable);
        QFETCH(const bool, hangsUp);
        ScriptedTlsServer server;
        int refusals = 3;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (request.target.startsWith("/version") || --refusals < 0)
                return peer.answer(200, "{}");
            hangsUp ? peer.hangUp() : peer.answer(503, "later");
        });
        World world(accessTo(server));
        QVERIFY(world.ask(requests::version())); // a connection that is used again is the harder case
        const auto answer = world.ask(isRepeatable ? getPod() : createPod());
        QCOMPARE(answer.has_value(), isRepeatable);
        if (isRepeatable)
            return;
        QCOMPARE(server.requests().size(), 2); // never a second time on the wire
        QCOMPARE(answer.error().kind, hangsUp ? ApiError::Kind::Network : ApiError::Kind::ServerError);
    }

    void keepsItsDeadline_data()
    {
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("no answer") << ""_ba;
        QTest::newRow("half an answer") << "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\""_ba;
    }
    void keepsItsDeadline()
    {
        QFETCH(const QByteArray, begin);
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) { peer.send(begin); });
        World world(accessTo(server));
        Request request = getPod();
        request.deadline = 200ms;
        const auto answer = world.ask(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ApiError::Kind::Timeout);
    }

    void refusesACutAnswer()
    {
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}");
            peer.hangUp();
        });
        World world(accessTo(server));
        const auto answer = world.ask(createPod());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ApiError::Kind::Network);
    }

    void refusesAnAnswerThatIsTooLarge()
    {
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            const auto more = [&peer] {
                while (peer.isOpen() && peer.unsent() < (1 << 20))
                    peer.send(QByteArray(1 << 20, ' '));
            };
            connect(&peer, &ScriptedPeer::writable, &peer, more);
            more();
        });
        World world(accessTo(server));
        const auto answer = world.ask(getPod());
        QVERIFY(!answer);
        QVERIFY(answer.error().message.contains("64 MiB"_L1));
        QCOMPARE(answer.error().kind, ApiError::Kind::Protocol);
    }

    void listsAllPages()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (request.target.contains("continue=two"))
                return peer.answer(200, "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[3]}");
            peer.answer(200, "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"two\",\"remainingItemCount\":1},"
                             "\"items\":[1,2]}");
        });
        World world(accessTo(server));
        world.client->listAll(resources::pods, u"jobs"_s, u"a=b"_s, this, world.take());
        QTRY_COMPARE(world.answers.size(), 1);
        const auto list = world.answers.first().value();
        QCOMPARE(list.value(u"items"_s).toArray(), (QJsonArray{1, 2, 3}));
        QCOMPARE(list.value(u"metadata"_s).toObject(), (QJsonObject{{u"resourceVersion"_s, u"7"_s}}));
        QVERIFY(server.requests().first().target.contains("labelSelector=a%3Db"));
        QVERIFY(server.requests().first().target.contains("limit=500"));
    }

    void readsAllAnewWhenAPageTokenExpired()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (request.target.contains("continue=two"))
                return peer.answer(410, "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"too "
                                        "old\",\"reason\":\"Expired\",\"code\":410}");
            if (request.target.contains("limit="))
                return peer.answer(200,
                                   "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"two\"},\"items\":[1]}");
            peer.answer(200, "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[1,2]}");
        });
        World world(accessTo(server));
        world.client->listAll(resources::pods, u"jobs"_s, {}, this, world.take());
        QTRY_COMPARE(world.answers.size(), 1);
        const auto list = world.answers.first().value();
        QCOMPARE(list.value(u"items"_s).toArray(), (QJsonArray{1, 2}));
        QCOMPARE(list.value(u"metadata"_s).toObject().value(u"resourceVersion"_s).toString(), u"9"_s);
        QCOMPARE(server.requests().size(), 3);
    }

    void opensAStream()
    {
        ScriptedTlsServer server;
        server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) {
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        });
        World world(accessTo(server));
        QNetworkReply *stream = nullptr;
        world.client->openStream(getPod(), this,
                                 [&](ApiResult<QNetworkReply *> reply) { stream = reply.value_or(nullptr); });
        QTRY_VERIFY(stream && stream->bytesAvailable() == 3);
        QCOMPARE(httpCodeOf(*stream), 200);
        server.lastPeer()->send("0\r\n\r\n");
        QTRY_VERIFY(stream->isFinished());
        QVERIFY(isSuccess(*stream));
        stream->deleteLater();
    }

    void keepsSilentWhenNobodyListens()
    {
        ScriptedTlsServer server;
        server.setHandler([&](ScriptedPeer &peer, const ScriptedRequest &) {
            if (server.requests().size() == 1)
                peer.answer(200, "{}");
        });
        World world(accessTo(server));
        auto context = std::make_unique<QObject>();
        world.client->send(getPod(), context.get(), world.take());
        context.reset();
        QVERIFY(world.ask(getPod()));
        QCOMPARE(world.answers.size(), 1);
        world.client->send(getPod(), this, world.take());
        QTRY_COMPARE(world.client->counts().requests, 2U);
        world.client.reset(); // with a call under way
        QTest::qWait(50);
        QCOMPARE(world.answers.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
