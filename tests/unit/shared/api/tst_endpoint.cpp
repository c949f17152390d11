// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/endpoint.h"

#include <QTest>

using namespace danube;
using namespace danube::api;
using namespace Qt::StringLiterals;

class TestEndpoint : public QObject
{
    Q_OBJECT
private slots:
    void readsAddresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("route");
        QTest::newRow("host and port") << u"master:8080"_s << u"http://master:8080/api/v1/jobs/a%2Fb"_s;
        QTest::newRow("https") << u"https://ci.example.org"_s << u"https://ci.example.org/api/v1/jobs/a%2Fb"_s;
        QTest::newRow("slash") << u"http://h/"_s << u"http://h/api/v1/jobs/a%2Fb"_s;
        QTest::newRow("prefix") << u" https://h/danube/ "_s << u"https://h/danube/api/v1/jobs/a%2Fb"_s;
        QTest::newRow("IPv6") << u"http://[::1]:8080"_s << u"http://[::1]:8080/api/v1/jobs/a%2Fb"_s;
    }
    void readsAddresses()
    {
        QFETCH(QString, text);
        QFETCH(QString, route);
        const auto endpoint = endpointFromText(text);
        QVERIFY(endpoint);
        QVERIFY(!endpoint->hasToken());
        QCOMPARE(endpoint->url(protocol::RouteId::Job, {u"a/b"_s}).toString(QUrl::FullyEncoded), route);
    }

    void refusesOtherAddresses_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "  ", "ftp://h", "http://", "http://user:pass@h", "http://h?x=1", "http://h#x", "http://h:port"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refusesOtherAddresses()
    {
        QFETCH(QString, text);
        const auto endpoint = endpointFromText(text);
        QVERIFY(!endpoint);
        QCOMPARE(endpoint.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!endpoint.error().message.contains(u"pass@"));
    }

    void addsTheQuery()
    {
        const auto endpoint = endpointFromText(u"h"_s);
        QUrlQuery query;
        query.addQueryItem(u"a"_s, u"b c"_s);
        QCOMPARE(endpoint->url(protocol::RouteId::Jobs, {}, query).toString(QUrl::FullyEncoded),
                 u"http://h/api/v1/jobs?a=b%20c"_s);
    }

    void givesTheTokenToItsOwnOriginOnly_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("given");
        QTest::newRow("own") << u"http://h:1/x"_s << true;
        QTest::newRow("other host") << u"http://g:1/x"_s << false;
        QTest::newRow("other port") << u"http://h:2/x"_s << false;
        QTest::newRow("other scheme") << u"https://h:1/x"_s << false;
    }
    void givesTheTokenToItsOwnOriginOnly()
    {
        QFETCH(QString, url);
        QFETCH(bool, given);
        const auto endpoint = endpointFromText(u"http://h:1"_s, Secret("tok"_ba));
        QVERIFY(endpoint->hasToken());
        const QByteArray header = endpoint->request(QUrl(url)).rawHeader("Authorization");
        QCOMPARE(header, given ? "Bearer tok"_ba : QByteArray());
    }
};

QTEST_APPLESS_MAIN(TestEndpoint)
#include "tst_endpoint.moc"
