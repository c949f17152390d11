// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/apptokens.h"
#include "server/blueprint/blueprintservice.h"
#include "server/source/sourceservice.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttp.h"
#include "tests/support/gitrepository.h"
#include "tests/support/testappkey.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;
using tests::GitRepository;

namespace {

const QByteArray token = "ghs_0123456789abcdefghij";
const QByteArray pair = "x-access-token:" + token;
const QString header = u"Basic "_s + QString::fromLatin1(pair.toBase64());

QStringList said; // by the log, while a test runs

void hear(QtMsgType /*type*/, const QMessageLogContext & /*context*/, const QString &message)
{
    said.append(message);
}

/// tests/support/githttps.py over a directory.
class GitServer
{
public:
    GitServer(const QString &directory, const QString &identity, const QByteArray &accepted,
              const QString &redirect = {})
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"GIT_PAIR"_s, QString::fromLatin1(accepted));
        environment.insert(u"GIT_REDIRECT"_s, redirect);
        environment.insert(u"GIT_NEEDLES"_s, QString::fromLatin1(token + ' ' + pair.toBase64()));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(u"python3"_s,
                        {u"-B"_s, QStringLiteral(DANUBE_SOURCE_DIR "/tests/support/githttps.py"), directory, identity});
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(20'000))
                qFatal("no git server: %s", qPrintable(m_process.errorString()));
        }
        m_port = m_process.readLine().trimmed();
    }
    ~GitServer()
    {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
    QString host() const { return u"127.0.0.1:"_s + QString::fromLatin1(m_port); }
    QString url() const { return u"https://"_s + host(); }
    /// Of every request so far.
    QList<QJsonObject> requests()
    {
        while (m_process.canReadLine() || m_process.waitForReadyRead(100)) {
            if (m_process.canReadLine())
                m_requests.append(QJsonDocument::fromJson(m_process.readLine()).object());
        }
        return m_requests;
    }

private:
    QProcess m_process;
    QByteArray m_port;
    QList<QJsonObject> m_requests;
};

/// One repository, a certificate that is its own authority, GitHub's interface, and the credentials for one host.
struct Fixture
{
    Fixture()
    {
        GitRepository origin(dir.filePath(u"served/a.git"_s));
        origin.git({u"config"_s, u"receive.denyCurrentBranch"_s, u"ignore"_s});
        first =
            origin.commit(u"config.json"_s, "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Config\", \"metadata\": "
                                            "{\"name\": \"global\"}, \"spec\": {}}\n");
        const auto made = QProcess::execute(
            u"openssl"_s, {u"req"_s, u"-x509"_s, u"-batch"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                           u"ec_paramgen_curve:P-256"_s, u"-nodes"_s, u"-days"_s, u"2"_s, u"-subj"_s, u"/CN=git"_s,
                           u"-addext"_s, u"subjectAltName=IP:127.0.0.1"_s, u"-keyout"_s, identity, u"-out"_s, ca});
        QFile both(identity);
        QFile certificate(ca);
        if (made != 0 || !both.open(QIODevice::Append) || !certificate.open(QIODevice::ReadOnly) ||
            both.write(certificate.readAll()) < 0)
            qFatal("no certificate");
    }
    GitCredentials credentials(GitAuthentication entry, const QString &caFile)
    {
        GitCredentials all(
            [isApp = entry.type == GitAuthentication::Type::GitHubApp](const QString &) {
                return Result<Secret>(Secret(isApp ? QByteArray(tests::testAppKey) : token));
            },
            {.caFile = caFile, .appTokens = &apps});
        all.set({std::move(entry)});
        return all;
    }
    /// What a job's source meets.
    Result<source::ResolvedCommit> resolve(const QString &url, const GitCredentials &credentials)
    {
        source::SourceService service({.directory = dir.filePath(u"sources"_s),
                                       .access = [&credentials](const source::Repository &repository, QObject *context,
                                                                GitCredentials::Done done) {
                                           credentials.accessTo(repository, context, std::move(done));
                                       }});
        std::optional<Result<source::ResolvedCommit>> result;
        service.resolve(url + u"/a.git"_s, u"main"_s, &service,
                        [&result](Result<source::ResolvedCommit> commit) { result = std::move(commit); });
        if (!QTest::qWaitFor([&result] { return result.has_value(); }, 60'000))
            return fail(ErrorCode::Internal, u"no answer"_s);
        return *result;
    }
    static GitAuthentication tokenFor(const QString &host)
    {
        return {.host = host, .type = GitAuthentication::Type::HttpsToken, .secret = u"token"_s};
    }

    QTemporaryDir dir;
    QString identity = dir.filePath(u"identity.pem"_s);
    QString ca = dir.filePath(u"ca.pem"_s);
    QString served = dir.filePath(u"served"_s);
    QString first;
    tests::FakeClock clock;
    int asked = 0; ///< for a token
    tests::FakeHttpServer api{[this](const tests::FakeRequest &, tests::FakeConnection &connection) {
        ++asked;
        connection.reply(
            {.status = 201, .body = R"({"token":")" + token + R"(","expires_at":"2025-06-15T16:06:40Z"})"});
    }};
    AppTokens apps{{.caFile = {}, .apiOf = [this](const QString &) { return api.url(); }}, clock};
};

bool isAuthorized(const QJsonObject &request)
{
    return request.value("authorization"_L1).toString() == header;
}

} // namespace

class TestGitOverHttps : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        for (const char *name : {"http_proxy", "https_proxy", "HTTPS_PROXY"})
            qunsetenv(name);
    }
    void init()
    {
        said.clear();
        m_before = qInstallMessageHandler(hear);
    }
    void cleanup()
    {
        qInstallMessageHandler(m_before);
        const auto all = said.join(u'\n');
        QVERIFY2(!all.contains(QLatin1StringView(token)), qPrintable(all));
        QVERIFY2(!all.contains(QString::fromLatin1(pair.toBase64())), qPrintable(all));
    }
    void aTokenOpensItsHost_data()
    {
        QTest::addColumn<bool>("isApp");
        QTest::newRow("token") << false;
        QTest::newRow("GitHub App") << true;
    }
    void aTokenOpensItsHost()
    {
        QFETCH(bool, isApp);
        Fixture fixture;
        GitServer server(fixture.served, fixture.identity, pair);
        auto entry = Fixture::tokenFor(server.host());
        if (isApp)
            entry = {.host = server.host(),
                     .type = GitAuthentication::Type::GitHubApp,
                     .secret = u"app"_s,
                     .appId = 1,
                     .installationId = 2};
        const auto credentials = fixture.credentials(entry, fixture.ca);
        const auto commit = fixture.resolve(server.url(), credentials);
        QVERIFY2(commit, qPrintable(commit ? QString() : commit.error().message));
        QCOMPARE(commit->commit, fixture.first);
        QVERIFY(!server.requests().isEmpty());
        for (const QJsonObject &request : server.requests()) {
            QVERIFY(isAuthorized(request));
            QCOMPARE(request.value("leaks"_L1).toArray(), QJsonArray());
        }
        QCOMPARE(fixture.asked, isApp ? 1 : 0);
    }
    void otherHostsGetNothing()
    {
        Fixture fixture;
        GitServer server(fixture.served, fixture.identity, pair);
        const auto credentials = fixture.credentials(Fixture::tokenFor(u"127.0.0.1:1"_s), fixture.ca);
        const auto commit = fixture.resolve(server.url(), credentials);
        QVERIFY(!commit);
        QVERIFY(!commit.error().message.contains(QLatin1StringView(token)));
        for (const QJsonObject &request : server.requests()) // asked, git offers ":", which is nobody
            QVERIFY(QStringList({QString(), u"Basic Og=="_s}).contains(request.value("authorization"_L1).toString()));
    }
    void redirectsAreNotFollowed()
    {
        Fixture fixture;
        GitServer thief(fixture.served, fixture.identity, {});
        GitServer server(fixture.served, fixture.identity, pair, thief.url());
        const auto credentials = fixture.credentials(Fixture::tokenFor(server.host()), fixture.ca);
        const auto commit = fixture.resolve(server.url(), credentials);
        QVERIFY(!commit);
        QVERIFY2(commit.error().message.contains("302"_L1), qPrintable(commit.error().message));
        QVERIFY(!server.requests().isEmpty());
        QVERIFY(thief.requests().isEmpty());
    }
    void unknownAuthoritiesAreNotBelieved()
    {
        Fixture fixture;
        GitServer server(fixture.served, fixture.identity, pair);
        const auto credentials = fixture.credentials(Fixture::tokenFor(server.host()), {});
        const auto commit = fixture.resolve(server.url(), credentials);
        QVERIFY(!commit);
        QVERIFY2(commit.error().message.contains("certificate"_L1), qPrintable(commit.error().message));
        QVERIFY(server.requests().isEmpty());
    }
    void theBlueprintIsReadAndWritten()
    {
        Fixture fixture;
        GitServer server(fixture.served, fixture.identity, pair);
        auto credentials = fixture.credentials(Fixture::tokenFor(server.host()), fixture.ca);
        PipelineCatalog catalog;
        BlueprintService::Settings settings;
        // The first contact has what the URL brings: nothing else is known yet.
        settings.url = u"https://x-access-token:%1@%2/a.git"_s.arg(QLatin1StringView(token), server.host());
        settings.directory = fixture.dir.filePath(u"data"_s);
        settings.syncInterval = milliseconds(0);
        BlueprintService service(settings, catalog, credentials, fixture.clock);
        QVERIFY(service.start());
        QTRY_VERIFY_WITH_TIMEOUT(service.status().lastAttempt != WallTime() && service.active(), 60'000);
        std::optional<Result<CommitAnswer>> answer;
        service.commit({fixture.first, {{u"teams.json"_s, "[]"}}, u"Add teams"_s, {u"Ada"_s, u"ada@example.org"_s}},
                       this, [&answer](Result<CommitAnswer> result) { answer = std::move(result); });
        QTRY_VERIFY_WITH_TIMEOUT(answer, 60'000);
        QVERIFY2(*answer, qPrintable(*answer ? QString() : answer->error().message));
        QCOMPARE(service.status().activeCommit, (*answer)->commit);
        for (const QJsonObject &request : server.requests()) {
            QVERIFY(isAuthorized(request));
            QCOMPARE(request.value("leaks"_L1).toArray(), QJsonArray());
        }
    }

private:
    QtMessageHandler m_before = nullptr;
};

QTEST_GUILESS_MAIN(TestGitOverHttps)
#include "tst_gitoverhttps.moc"
