// SPDX-License-Identifier: GPL-3.0-or-later
// A3: signing in by the browser: S256 and state, a listener on loopback only that is gone after use, no other state
// taken.
#include "console/controllers/signin.h"
#include "tests/support/browser.h"
#include "tests/support/fakedex.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A3 : public QObject
{
    Q_OBJECT
    FakeDex m_dex;
    Browser m_browser;
    QUrl m_wanted;
    std::shared_ptr<Result<TokenSet>> m_result;

    std::unique_ptr<SignIn> begin(seconds patience = seconds(180))
    {
        m_wanted.clear();
        m_result.reset();
        auto signIn = std::make_unique<SignIn>(SignIn::Settings{.issuer = m_dex.issuer(),
                                                                .clientId = u"console"_s,
                                                                .browserPatience = patience,
                                                                .second = milliseconds(10)});
        connect(signIn.get(), &SignIn::browserWanted, this, [this](const QUrl &url) { m_wanted = url; });
        connect(signIn.get(), &SignIn::finished, this, [this](const auto &result) { m_result = result; });
        signIn->start(SignInWay::Browser);
        return signIn;
    }

private slots:
    void signsInWithAChallenge()
    {
        const auto signIn = begin(seconds(60'000));
        QTRY_VERIFY(m_wanted.isValid());
        const QUrlQuery query(m_wanted);
        QCOMPARE(query.queryItemValue(u"code_challenge_method"_s), u"S256"_s);
        QCOMPARE(query.queryItemValue(u"code_challenge"_s).size(), 43);
        QVERIFY(query.queryItemValue(u"state"_s).size() >= 32);
        QCOMPARE(query.queryItemValue(u"response_type"_s), u"code"_s);
        QCOMPARE(signIn->redirect().address(), QHostAddress(QHostAddress::LocalHost));
        const QUrl redirect(query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
        QCOMPARE(redirect.host(), u"127.0.0.1"_s);

        // A stranger's request, another path, and one without a state's answer change nothing.
        m_browser.open(QUrl(redirect.toString(QUrl::RemovePath) + u"/favicon.ico"_s));
        QTRY_COMPARE(m_browser.status, 404);
        QVERIFY(signIn->redirect().isListening());

        m_browser.open(m_dex.authorize(m_wanted));
        QTRY_VERIFY(m_result);
        QVERIFY2(*m_result,
                 qPrintable(*m_result ? QString() : m_result->error().message)); // the fake checks the verifier
        QCOMPARE((*m_result)->bearer.reveal(), QByteArray("token-1"));
        QVERIFY(!(*m_result)->refresh.isEmpty());
        QTRY_VERIFY(m_browser.page.contains("close this tab"));
        QVERIFY(!signIn->redirect().isListening());
        QTcpSocket late;
        late.connectToHost(redirect.host(), quint16(redirect.port()));
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }
    void theRightAnswerComesOnce()
    {
        LoopbackRedirect redirect;
        QVERIFY(redirect.listen());
        const QSignalSpy answered(&redirect, &LoopbackRedirect::answered);
        QTcpSocket first;
        QTcpSocket second;
        for (QTcpSocket *socket : {&first, &second}) {
            socket->connectToHost(redirect.uri().host(), quint16(redirect.uri().port()));
            QTRY_COMPARE(socket->state(), QAbstractSocket::ConnectedState);
            socket->write("GET /callback?code=c&state=s HTTP/1.1\r\n");
        }
        QTest::qWait(100); // until both were accepted
        first.write("\r\n");
        second.write("\r\n");
        QTRY_VERIFY(first.bytesAvailable() > 0 && second.bytesAvailable() > 0);
        QCOMPARE(answered.size(), 1);
        const QByteArray pages = first.readAll() + second.readAll();
        QCOMPARE(pages.count("HTTP/1.1 200 OK"), 1);
        QCOMPARE(pages.count("HTTP/1.1 404 Not Found"), 1);
    }
    void aWrongStateIsRefused()
    {
        const auto signIn = begin(seconds(60'000));
        QTRY_VERIFY(m_wanted.isValid());
        QUrl back = m_dex.authorize(m_wanted);
        QUrlQuery query(back);
        query.removeQueryItem(u"state"_s);
        query.addQueryItem(u"state"_s, u"another"_s);
        back.setQuery(query);
        const int asked = m_dex.count(u"/token"_s);
        m_browser.open(back);
        QTRY_VERIFY(m_result);
        QVERIFY(!*m_result);
        QCOMPARE(m_result->error().code, ErrorCode::PermissionDenied);
        QCOMPARE(m_dex.count(u"/token"_s), asked); // the code went nowhere
        QVERIFY(!signIn->redirect().isListening());
    }
    void stopsWaitingForABrowserThatNeverComes()
    {
        const auto signIn = begin(seconds(5));
        QTRY_VERIFY(m_result);
        QCOMPARE(m_result->error().code, ErrorCode::Timeout);
        QVERIFY(!signIn->redirect().isListening());
    }
    void takesNoOtherIssuer()
    {
        const QByteArray document =
            "{\"issuer\":\"https://evil.example.org\",\"authorization_endpoint\":\"https://a/\","
            "\"token_endpoint\":\"https://a/\"}";
        QVERIFY(!providerFromJson(document, u"https://dex.example.org"_s));
        QVERIFY(!providerFromJson(
            QByteArray(document).replace("evil", "dex").replace("https://a/", "http://a.example.org/"),
            u"https://dex.example.org"_s)); // tokens in the clear
        QVERIFY(providerFromJson(QByteArray(document).replace("evil", "dex"), u"https://dex.example.org"_s));
    }
};

QTEST_GUILESS_MAIN(A3)
#include "a03_pkce.moc"
