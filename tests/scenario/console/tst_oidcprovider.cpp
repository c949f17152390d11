// SPDX-License-Identifier: GPL-3.0-or-later
// The console's sign-in against a real OpenID provider (npm oidc-provider): browser, code, refresh. Skipped, with the
// reason, where its packages cannot be had.
#include "console/controllers/signin.h"

#include <QDir>
#include <QNetworkCookieJar>
#include <QNetworkReply>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr int installTime = 150'000;
constexpr int answerTime = 60'000;

/// Follows an address like a person: logs in as "alice", agrees to every form.
class Person : public QObject
{
    Q_OBJECT
public:
    QByteArray page; ///< the last one
    int forms = 0;   ///< filled in

    void open(const QUrl &url) { take(m_network.get(QNetworkRequest(url))); }

private:
    void take(QNetworkReply *reply)
    {
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            page = reply->readAll();
            const QUrl from = reply->url();
            reply->deleteLater();
            fillIn(from);
        });
    }
    void fillIn(const QUrl &from)
    {
        static const QRegularExpression form(u"<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>"_s,
                                             QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression input(u"<input[^>]*>"_s);
        const auto found = form.match(QString::fromUtf8(page));
        if (!found.hasMatch() || forms >= 10)
            return;
        QUrlQuery fields;
        for (auto it = input.globalMatch(found.captured(2)); it.hasNext();) {
            const QString text = it.next().captured();
            const QString name = attribute(text, u"name"_s);
            if (!name.isEmpty())
                fields.addQueryItem(name, attribute(text, u"type"_s) == "hidden"_L1 ? attribute(text, u"value"_s)
                                                                                    : u"alice"_s);
        }
        ++forms;
        QNetworkRequest request(from.resolved(QUrl(found.captured(1).replace("&amp;"_L1, "&"_L1))));
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/x-www-form-urlencoded"_L1);
        take(m_network.post(request, fields.toString(QUrl::FullyEncoded).toUtf8()));
    }
    static QString attribute(const QString &tag, const QString &name)
    {
        return QRegularExpression(u"\\b%1=\"([^\"]*)\""_s.arg(name)).match(tag).captured(1);
    }
    QNetworkAccessManager m_network;
};

} // namespace

class TestOidcProvider : public QObject
{
    Q_OBJECT
    QProcess m_provider;
    QString m_issuer;
    std::shared_ptr<Result<TokenSet>> m_result;

    std::unique_ptr<SignIn> make()
    {
        m_result.reset();
        auto signIn = std::make_unique<SignIn>(
            SignIn::Settings{.issuer = m_issuer, .clientId = u"danube-console"_s, .second = milliseconds(400)});
        connect(signIn.get(), &SignIn::finished, this, [this](const auto &result) { m_result = result; });
        return signIn;
    }
    static QString said(const std::shared_ptr<Result<TokenSet>> &result)
    {
        return result && !*result ? result->error().message : QString();
    }

    // Into the build's folder, from the lock file: versions and digests are fixed there.
    static QString install(const QString &folder)
    {
        const QString npm = QStandardPaths::findExecutable(u"npm"_s);
        if (npm.isEmpty() || QStandardPaths::findExecutable(u"node"_s).isEmpty())
            return u"node and npm are not installed"_s;
        if (!QDir().mkpath(folder))
            return u"the folder cannot be made"_s;
        for (const auto &name : {u"package.json"_s, u"package-lock.json"_s, u"provider.mjs"_s}) {
            QFile::remove(folder + u'/' + name);
            if (!QFile::copy(u"" DANUBE_SOURCE_DIR "/tests/support/oidc/"_s + name, folder + u'/' + name))
                return name + u" cannot be copied"_s;
        }
        QProcess process;
        process.setWorkingDirectory(folder);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(npm, {u"ci"_s, u"--ignore-scripts"_s, u"--no-audit"_s, u"--no-fund"_s, u"--prefer-offline"_s,
                            u"--fetch-retries=1"_s});
        if (!process.waitForFinished(installTime) || process.exitCode() != 0)
            return u"npm cannot fetch oidc-provider: "_s + QString::fromUtf8(process.readAll()).simplified().left(300);
        return {};
    }

private slots:
    void initTestCase()
    {
        const QString folder = QDir(QCoreApplication::applicationDirPath()).filePath(u"../oidc"_s);
        if (const QString trouble = install(folder); !trouble.isEmpty())
            QSKIP(qPrintable(trouble));
        m_provider.setWorkingDirectory(folder);
        m_provider.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_provider.start(u"node"_s, {u"provider.mjs"_s});
        QVERIFY(m_provider.waitForStarted(answerTime));
        QTRY_VERIFY_WITH_TIMEOUT(m_provider.canReadLine(), answerTime);
        m_issuer = QString::fromUtf8(m_provider.readLine()).trimmed();
    }
    void cleanupTestCase()
    {
        m_provider.closeWriteChannel();
        if (m_provider.state() != QProcess::NotRunning && !m_provider.waitForFinished(answerTime))
            m_provider.kill();
    }
    void signsInByBrowserAndRenews()
    {
        Person alice;
        auto signIn = make();
        connect(signIn.get(), &SignIn::browserWanted, &alice, &Person::open);
        signIn->start(SignInWay::Browser);
        QTRY_VERIFY_WITH_TIMEOUT(m_result, answerTime);
        QVERIFY2(*m_result, qPrintable(said(m_result)));
        QCOMPARE(userNameOf((*m_result)->bearer.reveal()), u"alice"_s); // it is the identity token
        QVERIFY((*m_result)->expiresIn > seconds(60));
        QVERIFY(!(*m_result)->refresh.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(alice.page.contains("close this tab"), answerTime);
        QVERIFY(alice.forms >= 2); // logged in, agreed

        const Secret refresh = (*m_result)->refresh.clone();
        const QByteArray before = (*m_result)->bearer.reveal();
        signIn = make();
        signIn->refresh(refresh.clone());
        QTRY_VERIFY_WITH_TIMEOUT(m_result, answerTime);
        QVERIFY2(*m_result, qPrintable(said(m_result)));
        QVERIFY((*m_result)->bearer.reveal() != before);
        signIn = make();
        signIn->refresh(refresh.clone()); // used up
        QTRY_VERIFY_WITH_TIMEOUT(m_result, answerTime);
        QVERIFY(!*m_result);
        QCOMPARE(m_result->error().code, ErrorCode::Unauthenticated);
    }
    void signsInByCode()
    {
        Person alice;
        auto signIn = make();
        QString code;
        int waits = 0;
        connect(signIn.get(), &SignIn::pending, this, [&] {
            if (++waits == 1) // first told to wait, then the person goes there
                alice.open(QUrl(m_issuer + u"/device?user_code="_s + code));
        });
        connect(signIn.get(), &SignIn::codeKnown, this, [&](const DeviceCode &known) { code = known.userCode; });
        signIn->start(SignInWay::Code);
        QTRY_VERIFY_WITH_TIMEOUT(m_result, answerTime);
        QVERIFY2(*m_result, qPrintable(said(m_result)));
        QVERIFY(waits >= 1);
        QCOMPARE(userNameOf((*m_result)->bearer.reveal()), u"alice"_s);
    }
    void anotherClientIsRefused()
    {
        m_result.reset();
        SignIn signIn({.issuer = m_issuer, .clientId = u"a-stranger"_s});
        connect(&signIn, &SignIn::finished, this, [this](const auto &result) { m_result = result; });
        signIn.start(SignInWay::Code);
        QTRY_VERIFY_WITH_TIMEOUT(m_result, answerTime);
        QVERIFY(!*m_result);
        QCOMPARE(m_result->error().code, ErrorCode::Unauthenticated);
    }
};

QTEST_GUILESS_MAIN(TestOidcProvider)
#include "tst_oidcprovider.moc"
