// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/apptokens.h"
#include "server/blueprint/gitcredentials.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttp.h"
#include "tests/support/testappkey.h"

#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;
using tests::FakeReply;
using tests::FakeRequest;

namespace {

const AppInstallation installation{u"github.com"_s, 12345, 678};
const QByteArray secretWord = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";

FakeReply granted(const QByteArray &token = secretWord, const QByteArray &expiresAt = "2025-06-15T16:06:40Z")
{
    return {.status = 201,
            .body = R"({"token":")" + token + R"(","expires_at":")" + expiresAt + R"(","permissions":{}})"};
}

/// GitHub's one route, at 2025-06-15T15:06:40Z.
struct Fixture
{
    explicit Fixture(AppTokens::Settings settings = {}) : tokens(withApi(std::move(settings)), clock) {}
    AppTokens::Settings withApi(AppTokens::Settings settings)
    {
        settings.apiOf = [this](const QString & /*host*/) { return server.url(); };
        return settings;
    }
    void ask(std::optional<Result<QByteArray>> &answer, const AppInstallation &who = installation)
    {
        tokens.token(who, Secret(tests::testAppKey), &context, [&answer](const Result<Secret> &token) {
            answer = token.transform([](const Secret &value) { return value.reveal(); });
        });
    }
    Result<QByteArray> token(const AppInstallation &who = installation)
    {
        std::optional<Result<QByteArray>> answer;
        ask(answer, who);
        if (answer)
            return fail(ErrorCode::Internal, u"answered from inside the call"_s);
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 20'000))
            return fail(ErrorCode::Internal, u"no answer"_s);
        return *answer;
    }

    FakeReply next = granted();
    QList<FakeRequest> requests;
    tests::FakeClock clock;
    tests::FakeHttpServer server{[this](const FakeRequest &request, tests::FakeConnection &connection) {
        requests.append(request);
        connection.reply(next);
    }};
    QObject context;
    AppTokens tokens;
};

} // namespace

class TestAppTokens : public QObject
{
    Q_OBJECT
private slots:
    void apisOfHosts_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("api");
        QTest::newRow("github.com") << u"github.com"_s << u"https://api.github.com"_s;
        QTest::newRow("data residency") << u"octo.ghe.com"_s << u"https://api.octo.ghe.com"_s;
        QTest::newRow("enterprise") << u"git.example.org"_s << u"https://git.example.org/api/v3"_s;
        QTest::newRow("port") << u"git.example.org:8443"_s << u"https://git.example.org:8443/api/v3"_s;
        QTest::newRow("looks alike") << u"notgithub.com"_s << u"https://notgithub.com/api/v3"_s;
    }
    void apisOfHosts()
    {
        QFETCH(QString, host);
        QTEST(gitHubApiOf(host).toString(), "api");
    }
    void asksAsTheApp()
    {
        Fixture fixture;
        QCOMPARE(fixture.token(), secretWord);
        QCOMPARE(fixture.requests.size(), 1);
        const auto &request = fixture.requests.first();
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.path, u"/app/installations/678/access_tokens"_s);
        // Issued a minute before the fake clock's now: the fixed vector says so.
        QCOMPARE(request.headers.value("authorization"), QByteArray("Bearer ") + tests::testAppJwt);
        QCOMPARE(request.headers.value("accept"), "application/vnd.github+json");
    }
    void keepsATokenUntilShortlyBeforeItsEnd()
    {
        Fixture fixture;
        QVERIFY(fixture.token());
        fixture.clock.advance(std::chrono::minutes(54));
        fixture.next = granted("other", "2025-06-15T18:06:40Z");
        QCOMPARE(fixture.token(), secretWord);
        QCOMPARE(fixture.requests.size(), 1);
        fixture.clock.advance(std::chrono::minutes(1));
        QCOMPARE(fixture.token(), "other");
        QCOMPARE(fixture.requests.size(), 2);
    }
    void anExpiredTokenIsNotKept()
    {
        Fixture fixture; // our clock may be wrong: it is handed out, once
        fixture.next = granted("old", "2025-06-15T15:00:00Z");
        QCOMPARE(fixture.token(), "old");
        QCOMPARE(fixture.token(), "old");
        QCOMPARE(fixture.requests.size(), 2);
    }
    void asksOnceForAllWhoWait()
    {
        Fixture fixture;
        std::array<std::optional<Result<QByteArray>>, 3> answers;
        for (auto &answer : answers)
            fixture.ask(answer);
        for (auto &answer : answers) {
            QTRY_VERIFY(answer.has_value());
            QCOMPARE(*answer, secretWord);
        }
        QCOMPARE(fixture.requests.size(), 1);
    }
    void installationsDoNotShare()
    {
        Fixture fixture;
        QVERIFY(fixture.token());
        QVERIFY(fixture.token({u"github.com"_s, 12345, 679}));
        QCOMPARE(fixture.requests.size(), 2);
        fixture.tokens.keepOnly({installation});
        QVERIFY(fixture.token());
        QCOMPARE(fixture.requests.size(), 2);
        QVERIFY(fixture.token({u"github.com"_s, 12345, 679}));
        QCOMPARE(fixture.requests.size(), 3);
    }
    void aGoneContextIsNotCalled()
    {
        Fixture fixture;
        auto context = std::make_unique<QObject>();
        bool isCalled = false;
        fixture.tokens.token(installation, Secret(tests::testAppKey), context.get(),
                             [&isCalled](const Result<Secret> &) { isCalled = true; });
        context.reset();
        QVERIFY(fixture.token()); // shares the flight and comes after
        QVERIFY(!isCalled);
    }
    void failuresAreTyped_data()
    {
        QTest::addColumn<FakeReply>("reply");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, FakeReply reply, ErrorCode code, const QString &reason) {
            QTest::newRow(name) << std::move(reply) << code << reason;
        };
        const QByteArray said = "{\"message\":\"" + secretWord + "\"}"; // never repeated
        using Headers = QList<std::pair<QByteArray, QByteArray>>;
        row("wrong key", {.status = 401, .body = said}, ErrorCode::Unauthenticated,
            u"the app's key is not accepted: is it app 12345's?"_s);
        row("our clock is fast",
            {.status = 401, .body = said, .headers = Headers{{"Date", "Sun, 15 Jun 2025 15:01:40 GMT"}}},
            ErrorCode::Unauthenticated,
            u"the app's key is not accepted: this machine's clock is 300 s ahead of the server's"_s);
        row("our clock is slow",
            {.status = 401, .body = said, .headers = Headers{{"Date", "Sun, 15 Jun 2025 15:08:40 GMT"}}},
            ErrorCode::Unauthenticated,
            u"the app's key is not accepted: this machine's clock is 120 s behind the server's"_s);
        row("no installation", {.status = 404, .body = said}, ErrorCode::NotFound,
            u"the app has no such installation"_s);
        row("suspended", {.status = 403, .body = said}, ErrorCode::PermissionDenied,
            u"the server refuses a token with status 403"_s);
        row("overloaded", {.status = 502}, ErrorCode::Unavailable, u"the server answers with status 502"_s);
        row("too many", {.status = 429}, ErrorCode::Unavailable, u"the server answers with status 429"_s);
        row("elsewhere", {.status = 307, .headers = Headers{{"Location", "http://127.0.0.1:1/"}}}, ErrorCode::Protocol,
            u"the server answers with status 307, expected 201"_s);
        row("another success", {.status = 200, .body = granted().body}, ErrorCode::Protocol,
            u"the server answers with status 200, expected 201"_s);
        row("no JSON", {.status = 201, .body = secretWord}, ErrorCode::Protocol,
            u"the answer holds no token with its end"_s);
        row("no end", granted(secretWord, "soon"), ErrorCode::Protocol, u"the answer holds no token with its end"_s);
        row("a header in it", granted("a\\r\\nX: y"), ErrorCode::Protocol, u"the answer holds no token with its end"_s);
        row("too large", {.status = 201, .body = QByteArray(1 << 20, 'x')}, ErrorCode::Protocol,
            u"the answer is larger than 64 KiB"_s);
    }
    void failuresAreTyped()
    {
        QFETCH(FakeReply, reply);
        QFETCH(ErrorCode, code);
        QFETCH(QString, reason);
        Fixture fixture;
        fixture.next = reply;
        const auto token = fixture.token();
        QVERIFY(!token);
        QCOMPARE(token.error().message, u"sign in at github.com as GitHub App 12345, installation 678: "_s + reason);
        QCOMPARE(token.error().code, code);
        QCOMPARE(fixture.requests.size(), 1);
        fixture.next = granted(); // nothing of the failure is kept
        QCOMPARE(fixture.token(), secretWord);
    }
    void aHangingServerIsLeft()
    {
        Fixture fixture({.timeout = milliseconds(300)});
        fixture.next = {.stall = true};
        const auto token = fixture.token();
        QVERIFY(!token);
        QCOMPARE(token.error().code, ErrorCode::Timeout);
        QVERIFY2(token.error().message.endsWith("no answer within 0.3 s"_L1), qPrintable(token.error().message));
    }
    void aServerThatIsAwayIsUnavailable()
    {
        Fixture fixture;
        for (const auto &reply :
             {FakeReply{.drop = true}, FakeReply{.status = 201, .body = granted().body, .cutAfter = 9}}) {
            fixture.next = reply;
            const auto token = fixture.token();
            QVERIFY(!token);
            QCOMPARE(token.error().code, ErrorCode::Unavailable);
            QVERIFY(
                token.error().message.startsWith(u"sign in at github.com as GitHub App 12345, installation 678: "_s));
        }
        fixture.server.stopListening();
        fixture.server.closeConnections();
        const auto token = fixture.token();
        QVERIFY(!token);
        QCOMPARE(token.error().code, ErrorCode::Unavailable);
    }
    void badKeysMeetNoServer()
    {
        Fixture fixture;
        std::optional<Error> error;
        fixture.tokens.token(installation, Secret("no key"), &fixture.context,
                             [&error](const Result<Secret> &token) { error = token.error(); });
        QTRY_VERIFY(error);
        QCOMPARE(error->code, ErrorCode::InvalidArgument);
        QVERIFY(!error->message.contains("no key"_L1));
        QVERIFY(fixture.requests.isEmpty());
    }
    void clearTextIsForLoopbackOnly()
    {
        tests::FakeClock clock;
        AppTokens tokens({.apiOf = [](const QString &) { return QUrl(u"http://192.0.2.1/api"_s); }}, clock);
        std::optional<Error> error;
        tokens.token(installation, Secret(tests::testAppKey), this,
                     [&error](const Result<Secret> &token) { error = token.error(); });
        QTRY_VERIFY(error);
        QVERIFY(error->message.endsWith("http://192.0.2.1/api is not https"_L1));
    }
    void gitGetsTheTokenForItsHostOnly()
    {
        Fixture fixture;
        GitCredentials credentials([](const QString &) { return Result<Secret>(Secret(tests::testAppKey)); },
                                   {.caFile = {}, .appTokens = &fixture.tokens});
        GitAuthentication entry{
            .host = u"github.com"_s, .type = GitAuthentication::Type::GitHubApp, .secret = u"app"_s};
        entry.appId = 12345;
        entry.installationId = 678;
        credentials.set({entry});
        for (const bool isHost : {true, false}) {
            const auto repository = source::parseRepository(
                isHost ? u"https://github.com/a/b.git"_s : u"https://github.com.example/a/b.git"_s, {u"https"_s});
            std::optional<Result<git::Access>> access;
            credentials.accessTo(*repository, this,
                                 [&access](Result<git::Access> found) { access = std::move(found); });
            QTRY_VERIFY(access);
            QVERIFY(*access);
            const QList<std::pair<QString, QString>> expected{
                {u"http.https://github.com/.extraHeader"_s,
                 u"Authorization: Basic "_s + QString::fromLatin1(("x-access-token:" + secretWord).toBase64())},
                {u"http.followRedirects"_s, u"false"_s}};
            QCOMPARE((*access)->config, isHost ? expected : decltype(expected)());
        }
        QCOMPARE(fixture.requests.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestAppTokens)
#include "tst_apptokens.moc"
