// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rpcfixture.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QJsonObject json(const H2Answer &answer)
{
    return QJsonDocument::fromJson(answer.body).object();
}

enum class Token { Own, OfAnother, OfEnded, Unknown, None };

} // namespace

Q_DECLARE_METATYPE(Token)

class TestRpcCalls : public QObject
{
    Q_OBJECT
private slots:
    void runsAStep()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto answer = client.call(master.runStep());
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers["content-type"], "application/json");
        QCOMPARE(json(answer)["exit_code"_L1].toInt(-1), 0);
        QCOMPARE(json(answer)["outcome"_L1].toString(), u"exited"_s);
        QCOMPARE(master.backend.stepsStarted, 1);
    }

    void waitsForAStepAndKeepsOtherCallsGoing()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        H2Client client(master.port);
        const auto step = client.send(master.runStep());
        QTRY_COMPARE(master.backend.waiting.size(), 1);
        QCOMPARE(client.call(master.post("/rpc/report-status", R"({"job_id":"running-job"})")).status, 200);
        QVERIFY(!client.session.answer(step).isClosed);
        master.backend.endSteps(3);
        QVERIFY(client.waitFor(step));
        QCOMPARE(json(client.session.answer(step))["exit_code"_L1].toInt(-1), 3);
    }

    void oneGenuineTokenMakesNoOtherGood()
    {
        RpcFixture master;
        H2Client client(master.port);
        const QByteArray genuine = master.token();
        QByteArray lastChanged = genuine;
        lastChanged.back() = genuine.back() == 'A' ? 'B' : 'A';
        const QByteArray ofAnother = master.token(JobId(u"another-job"_s));
        const QByteArray mixed = genuine.first(genuine.indexOf('.')) + ofAnother.sliced(ofAnother.indexOf('.'));
        for (int round = 0; round < 3; ++round) { // the first makes it known
            QCOMPARE(client.call(master.runStep()).status, 200);
            for (const QByteArray &wrong :
                 {lastChanged, mixed, genuine + 'A', genuine.chopped(1), genuine.first(genuine.indexOf('.') + 1)}) {
                auto request = master.runStep();
                request.token = wrong;
                QVERIFY2(client.call(request).status == 401, wrong.constData());
            }
        }
    }

    void givesASecret()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto answer = client.call(master.post("/rpc/get-secret", R"({"job_id":"running-job","key":"TOKEN"})"));
        QCOMPARE(answer.status, 200);
        QCOMPARE(json(answer), (QJsonObject{{u"key"_s, u"TOKEN"_s}, {u"value"_s, u"s3cret"_s}}));
    }

    void answersWhatIsAtHandUnlessAReportIsUnderWay()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto same = master.post("/rpc/report-status", R"({"job_id":"running-job"})");
        const auto change = master.post("/rpc/report-status", R"({"job_id":"running-job","message":"new"})");
        master.backend.isStatusAtHand = true;
        QCOMPARE(json(client.call(same))["status"_L1].toString(), u"running"_s);
        QCOMPARE(master.backend.statusReports, 0);
        master.backend.holdsReports = true;
        const auto first = client.send(change);
        QTRY_COMPARE(master.backend.statusReports, 1);
        const auto second = client.send(same); // the first may change what it is to be told
        QTRY_COMPARE(master.backend.statusReports, 2);
        QVERIFY(!client.session.answer(first).isClosed && !client.session.answer(second).isClosed);
        master.backend.releaseReports();
        QVERIFY(client.waitFor(first) && client.waitFor(second));
        QCOMPARE(client.call(same).status, 200);
        QCOMPARE(master.backend.statusReports, 2);
        auto ofAnother = same;
        ofAnother.token = master.token(JobId(u"another-job"_s));
        QCOMPARE(client.call(ofAnother).status, 403);
    }

    void streamsTheSource()
    {
        RpcFixture master;
        master.backend.bundlePath = master.directory.filePath(u"source.bundle"_s);
        const QByteArray bundle = QByteArray("# v2 git bundle\n").repeated(300'000);
        QFile file(master.backend.bundlePath);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bundle) == bundle.size());
        file.close();
        H2Client client(master.port);
        const auto answer =
            client.call({.method = "GET", .target = "/rpc/source?job_id=running-job", .token = master.token()});
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers["content-type"], "application/x-git-bundle");
        QCOMPARE(answer.headers["content-length"].toLongLong(), bundle.size());
        QVERIFY(answer.body == bundle);
    }

    void resetsASourceThatIsCutShort()
    {
        RpcFixture master;
        master.backend.bundlePath = master.directory.filePath(u"source.bundle"_s);
        QFile file(master.backend.bundlePath);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(32 << 20));
        H2Client client(master.port);
        client.session.stopReading();
        const auto stream =
            client.send({.method = "GET", .target = "/rpc/source?job_id=running-job", .token = master.token()});
        QTRY_VERIFY(client.session.answer(stream).bodySize > 0);
        QVERIFY(file.resize(1000));
        nghttp2_session_consume(client.session.handle(), stream,
                                static_cast<size_t>(client.session.answer(stream).bodySize));
        client.pump();
        QVERIFY(client.waitFor(stream));
        QVERIFY(!client.session.answer(stream).isWhole);
        QVERIFY(client.session.answer(stream).errorCode != NGHTTP2_NO_ERROR);
    }

    void checksInTheContractsOrder_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<Token>("token");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("detail");
        const QByteArray step = "/rpc/run-step";
        const QByteArray good = R"({"job_id":"running-job","step_name":"s","command":"make"})";
        const QByteArray huge((2 << 20) + 1, ' ');
        const auto row = [](const char *name, const QByteArray &method, const QByteArray &target, Token token,
                            const QByteArray &body, int status, const QString &detail = {}) {
            QTest::newRow(name) << method << target << token << body << status << detail;
        };
        row("no token", "POST", step, Token::None, good, 401, u"Bearer"_s);
        row("unknown token", "POST", step, Token::Unknown, good, 401, u"unknown job token"_s);
        row("no token before size", "POST", step, Token::None, huge, 401);
        row("no token before route", "GET", "/nothing", Token::None, {}, 401);
        row("unknown route", "GET", "/nothing", Token::Own, {}, 404, u"no such call"_s);
        row("wrong method", "PUT", step, Token::Own, good, 405, u"POST"_s);
        row("both methods named", "DELETE", "/rpc/upload-artifact", Token::Own, {}, 405, u"POST, GET"_s);
        row("size before shape", "POST", step, Token::Own, huge, 413, u"2097152"_s);
        row("malformed", "POST", step, Token::Own, R"({"job_id":)", 400, u"byte 10"_s);
        row("not an object", "POST", step, Token::Own, "[]", 400);
        row("empty body", "POST", step, Token::Own, {}, 400, u"malformed JSON"_s);
        row("unknown field", "POST", step, Token::Own,
            R"({"job_id":"running-job","step_name":"s","command":"x","y":1})", 400, u"y: unknown field"_s);
        row("wrong type", "POST", step, Token::Own, R"({"job_id":"running-job","step_name":"s","command":7})", 400,
            u"command: "_s);
        row("shape before other job", "POST", step, Token::OfAnother, "{", 400);
        row("other job's token", "POST", step, Token::OfAnother, good, 403, u"another job"_s);
        row("other job before ended", "POST", step, Token::Own,
            R"({"job_id":"ended-job","step_name":"s","command":"make"})", 403);
        row("ended job", "POST", step, Token::OfEnded, R"({"job_id":"ended-job","step_name":"s","command":"make"})",
            404);
        row("ended job's other calls", "POST", "/rpc/get-secret", Token::OfEnded,
            R"({"job_id":"ended-job","key":"TOKEN"})", 404);
        row("missing secret", "POST", "/rpc/get-secret", Token::Own, R"({"job_id":"running-job","key":"NO"})", 403);
        row("illegal transition", "POST", "/rpc/report-status", Token::Own,
            R"({"job_id":"running-job","state":"success"})", 409);
        row("source without job", "GET", "/rpc/source", Token::Own, {}, 400, u"job_id"_s);
        row("source of other job", "GET", "/rpc/source?job_id=ended-job", Token::Own, {}, 403);
        row("source, unknown parameter", "GET", "/rpc/source?job_id=running-job&x=1", Token::Own, {}, 400, u"x: "_s);
        row("upload without digest", "POST", "/rpc/upload-artifact?job_id=running-job&name=a", Token::Own, "x", 400,
            u"sha256: "_s);
        row("upload, bad name", "POST",
            "/rpc/upload-artifact?job_id=running-job&name=..%2fa&sha256=" + QByteArray(64, '0'), Token::Own, "x", 400,
            u"name: "_s);
        row("upload, bad offset", "POST",
            "/rpc/upload-artifact?job_id=running-job&name=a&offset=-1&sha256=" + QByteArray(64, '0'), Token::Own, "x",
            400, u"offset: "_s);
        row("upload to other job", "POST", "/rpc/upload-artifact?job_id=ended-job&name=a&sha256=" + QByteArray(64, '0'),
            Token::Own, "x", 403);
        row("upload query of ended job", "GET",
            "/rpc/upload-artifact?job_id=ended-job&name=a&sha256=" + QByteArray(64, '0'), Token::OfEnded, {}, 404);
        const QByteArray room = "/rpc/upload-artifact?job_id=running-job&name=a&total_bytes=";
        row("room for a terabyte", "GET", room + "1099511627776", Token::Own, {}, 413,
            u"at most (quota.artifact_bytes)"_s);
        row("room, no number", "GET", room + "many", Token::Own, {}, 400, u"total_bytes: "_s);
        row("room, digest as well", "GET", room + "5&sha256=" + QByteArray(64, '0'), Token::Own, {}, 400,
            u"sha256: "_s);
        row("room, bad name", "GET", "/rpc/upload-artifact?job_id=running-job&name=..&total_bytes=5", Token::Own, {},
            400, u"name: "_s);
        row("room of other job", "GET", "/rpc/upload-artifact?job_id=ended-job&name=a&total_bytes=5", Token::Own, {},
            403);
    }
    void checksInTheContractsOrder()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(Token, token);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, detail);
        RpcFixture master;
        const auto text = [&] {
            switch (token) {
            case Token::Own:
                return master.token();
            case Token::OfAnother:
                return master.token(JobId(u"another-job"_s));
            case Token::OfEnded:
                return master.token(master.backend.ended);
            case Token::Unknown:
                return QByteArray("running-job.") + QByteArray(43, 'A');
            case Token::None:
                break;
            }
            return QByteArray();
        }();
        H2Client client(master.port);
        const auto answer = client.call({.method = method, .target = target, .token = text, .body = body});
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers["content-type"], "application/problem+json");
        const QJsonObject problem = json(answer);
        QCOMPARE(problem["status"_L1].toInt(), status);
        QVERIFY(problem["type"_L1].toString().startsWith(u"urn:danube:problem:"_s));
        QVERIFY2(problem["detail"_L1].toString().contains(detail), answer.body.constData());
        QCOMPARE(answer.headers.contains("www-authenticate"), status == 401);
        QCOMPARE(answer.headers.contains("allow"), status == 405);
        QCOMPARE(master.backend.stepsStarted, 0);
    }

    void refusesATokenBeforeTheBodyCame()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto stream = client.send({.target = "/rpc/run-step", .token = "nobody.x", .endsBody = false});
        QVERIFY(client.waitFor(stream));
        QCOMPARE(client.session.answer(stream).status, 401);
    }

    void serviceIsForAnybodyWhereTokensAreNotRequired()
    {
        RpcFixture master({.requireJobToken = false});
        H2Client client(master.port);
        auto request = master.runStep();
        request.token.clear();
        QCOMPARE(client.call(request).status, 200);
        request.token = "wrong";
        QCOMPARE(client.call(request).status, 401);
    }

    void aVanishedCallerDropsTheAnswerOnly()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        auto client = std::make_unique<H2Client>(master.port);
        client->send(master.runStep());
        QTRY_COMPARE(master.backend.waiting.size(), 1);
        client->cut();
        QTRY_COMPARE(master.server->counts().connections.load(), 0);
        QCOMPARE(master.backend.waiting.size(), 1); // nobody stopped it
        master.backend.endSteps(0);
        H2Client other(master.port);
        QCOMPARE(other.call(master.post("/rpc/report-status", R"({"job_id":"running-job"})")).status, 200);
    }

    void aDroppedCallIsUnavailable()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        H2Client client(master.port);
        const auto step = client.send(master.runStep());
        QTRY_COMPARE(master.backend.waiting.size(), 1);
        master.backend.waiting.clear();
        QVERIFY(client.waitFor(step));
        QCOMPARE(client.session.answer(step).status, 503);
        QVERIFY(client.session.answer(step).headers.contains("retry-after"));
    }

    void drainsGracefully()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        H2Client client(master.port);
        const auto step = client.send(master.runStep());
        QTRY_COMPARE(master.backend.waiting.size(), 1);
        QSignalSpy drained(master.server.get(), &rpc::RpcServer::drained);
        master.server->drain(20s);
        QTRY_VERIFY(client.session.goawayCode().has_value());
        H2Client late(master.port);
        const auto refused = late.call({.target = "/rpc/run-step", .token = "not even looked at"});
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.headers.contains("retry-after"));
        QVERIFY(drained.isEmpty());
        master.backend.endSteps(7);
        QVERIFY(client.waitFor(step));
        QCOMPARE(json(client.session.answer(step))["exit_code"_L1].toInt(), 7);
        QTRY_COMPARE(drained.size(), 1);
    }

    void cutsWhatOutlivesTheDrain()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        H2Client client(master.port);
        client.send(master.runStep());
        QTRY_COMPARE(master.backend.waiting.size(), 1);
        QSignalSpy drained(master.server.get(), &rpc::RpcServer::drained);
        master.server->drain(200ms);
        QTRY_COMPARE(drained.size(), 1);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::UnconnectedState);
    }

    void saysWhyItCannotListen()
    {
        RpcFixture master;
        rpc::RpcServer second({master.backend, *master.artifacts, master.keyring, master.clock}, {.port = master.port});
        const auto started = second.start();
        QVERIFY(!started);
        QVERIFY(started.error().message.contains(u"127.0.0.1:%1"_s.arg(master.port)));
    }
};

QTEST_GUILESS_MAIN(TestRpcCalls)
#include "tst_rpccalls.moc"
