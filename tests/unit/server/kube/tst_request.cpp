// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/request.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;
using namespace std::chrono_literals;

class TestRequest : public QObject
{
    Q_OBJECT

    static QString line(const Request &request)
    {
        const QUrl url = urlOf(QUrl(u"https://api.example:6443"_s), request);
        return QString::fromLatin1(request.method) + u' ' +
               url.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::FullyEncoded);
    }
    static QJsonObject bodyOf(const Request &request) { return QJsonDocument::fromJson(request.body).object(); }

    /// What a server makes of a query: cut at '&' and '=', '+' is a space, then percent-decoded.
    static QStringList valuesOf(const QUrl &url, const QByteArray &key)
    {
        QStringList values;
        for (const QByteArray &pair : url.query(QUrl::FullyEncoded).toLatin1().split('&')) {
            const qsizetype at = pair.indexOf('=');
            if (pair.first(at) == key)
                values.append(
                    QString::fromUtf8(QByteArray::fromPercentEncoding(pair.sliced(at + 1).replace('+', ' '))));
        }
        return values;
    }

private slots:
    void writesMethodPathAndQuery_data()
    {
        QTest::addColumn<Request>("request");
        QTest::addColumn<QString>("expected");
        const auto &pods = resources::pods;
        const auto &policies = resources::ciliumNetworkPolicies;
        QTest::newRow("get") << requests::get(pods, u"ci"_s, u"job1"_s) << u"GET /api/v1/namespaces/ci/pods/job1"_s;
        QTest::newRow("get of a group") << requests::get(policies, u"ci"_s, u"a"_s)
                                        << u"GET /apis/cilium.io/v2/namespaces/ci/ciliumnetworkpolicies/a"_s;
        QTest::newRow("list") << requests::list(pods, u"ci"_s, {}) << u"GET /api/v1/namespaces/ci/pods?limit=500"_s;
        QTest::newRow("list everywhere") << requests::list(pods, {}, {.labelSelector = u"a=b,c in (d)"_s, .limit = 0})
                                         << u"GET /api/v1/pods?labelSelector=a%3Db%2Cc%20in%20%28d%29"_s;
        QTest::newRow("list on")
            << requests::list(pods, u"ci"_s, {.fieldSelector = u"a=b"_s, .limit = 1, .continueToken = u"eyJ2+/="_s})
            << u"GET /api/v1/namespaces/ci/pods?fieldSelector=a%3Db&limit=1&continue=eyJ2%2B%2F%3D"_s;
        QTest::newRow("watch") << requests::watch(
                                      pods, u"ci"_s,
                                      {.labelSelector = u"w=1"_s, .resourceVersion = u"886"_s, .timeout = 9s})
                               << u"GET /api/v1/namespaces/ci/pods?watch=1&labelSelector=w%3D1&resourceVersion=886"
                                  "&allowWatchBookmarks=true&timeoutSeconds=9"_s;
        QTest::newRow("create") << requests::create(pods, u"ci"_s, {})
                                << u"POST /api/v1/namespaces/ci/pods?fieldManager=danube&fieldValidation=Strict"_s;
        QTest::newRow("apply") << requests::apply(policies, u"ci"_s, u"a"_s, {})
                               << u"PATCH /apis/cilium.io/v2/namespaces/ci/ciliumnetworkpolicies/a"
                                  "?fieldManager=danube&fieldValidation=Strict"_s;
        QTest::newRow("forced apply") << requests::apply(pods, u"ci"_s, u"a"_s, {}, true)
                                      << u"PATCH /api/v1/namespaces/ci/pods/a"
                                         "?fieldManager=danube&fieldValidation=Strict&force=true"_s;
        QTest::newRow("patch") << requests::mergePatch(pods, u"ci"_s, u"a"_s, {})
                               << u"PATCH /api/v1/namespaces/ci/pods/a?fieldManager=danube&fieldValidation=Strict"_s;
        QTest::newRow("ephemeral containers")
            << requests::patchSubresource(pods, u"ci"_s, u"a"_s, u"ephemeralcontainers"_s, {})
            << u"PATCH /api/v1/namespaces/ci/pods/a/ephemeralcontainers"
               "?fieldManager=danube&fieldValidation=Strict"_s;
        QTest::newRow("delete") << requests::remove(resources::secrets, u"ci"_s, u"a"_s)
                                << u"DELETE /api/v1/namespaces/ci/secrets/a"_s;
        QTest::newRow("exec")
            << requests::exec(u"ci"_s, u"job1"_s,
                              {.container = u"main"_s, .command = {u"sh"_s, u"-c"_s, u"cat; exit 3"_s}})
            << u"GET /api/v1/namespaces/ci/pods/job1/exec?command=sh&command=-c&command=cat%3B%20exit%203"
               "&container=main&stdout=true&stderr=true&stdin=true"_s;
        QTest::newRow("version") << requests::version() << u"GET /version"_s;
        QTest::newRow("access review") << requests::accessReview(u"ci"_s, u"create"_s, pods, u"exec"_s)
                                       << u"POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
                                          "?fieldManager=danube&fieldValidation=Strict"_s;
    }
    void writesMethodPathAndQuery()
    {
        QFETCH(Request, request);
        QTEST(line(request), "expected");
    }

    void everyCommandArrivesExactly_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("plus and ampersand") << QStringList{u"a+b"_s, u"a&b=c"_s, u"&&"_s};
        QTest::newRow("percent signs") << QStringList{u"%41"_s, u"100%"_s, u"%2B%26"_s, u"%%"_s, u"%zz"_s};
        QTest::newRow("unicode") << QStringList{u"Grüße"_s, u"日本語"_s, u"\U0001F600"_s, u"e\u0301"_s};
        QTest::newRow("white space") << QStringList{u" "_s, u"a  b"_s, u"\t\n\r"_s, u""_s};
        QTest::newRow("url marks") << QStringList{u"#?;:/@!$'()*,[]"_s, u"\\\"<>^`{|}~"_s};
        QTest::newRow("long") << QStringList{QString(100'000, u'+')};
    }
    void everyCommandArrivesExactly()
    {
        QFETCH(QStringList, command);
        const Request request = requests::exec(u"ci"_s, u"pod"_s, {.container = u"main"_s, .command = command});
        const QUrl url = urlOf(QUrl(u"https://[::1]:6443"_s), request);
        QVERIFY(url.isValid());
        QCOMPARE(valuesOf(url, "command"), command);
        // As a connection passes it on: once more through text.
        QCOMPARE(valuesOf(QUrl::fromEncoded(url.toEncoded()), "command"), command);
    }

    void aServersPrefixStaysInFront_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << u"https://h:1"_s << u"https://h:1/version"_s;
        QTest::newRow("slash") << u"https://h:1/"_s << u"https://h:1/version"_s;
        QTest::newRow("rancher") << u"https://h/k8s/clusters/c-1"_s << u"https://h/k8s/clusters/c-1/version"_s;
        QTest::newRow("encoded") << u"https://h/a%20b/"_s << u"https://h/a%20b/version"_s;
        QTest::newRow("ipv6") << u"https://[fd00::1]:6443"_s << u"https://[fd00::1]:6443/version"_s;
    }
    void aServersPrefixStaysInFront()
    {
        QFETCH(QString, server);
        QTEST(QString::fromLatin1(urlOf(QUrl(server), requests::version()).toEncoded()), "expected");
    }

    void bodiesNameTheirType()
    {
        const QJsonObject object{{"metadata"_L1, QJsonObject{{"name"_L1, "a"_L1}}}};
        const QJsonObject created = bodyOf(requests::create(resources::pods, u"ci"_s, object));
        QCOMPARE(created["apiVersion"_L1], u"v1"_s);
        QCOMPARE(created["kind"_L1], u"Pod"_s);
        QCOMPARE(created["metadata"_L1], object["metadata"_L1]);
        const Request applied = requests::apply(resources::networkPolicies, u"ci"_s, u"a"_s, object);
        QCOMPARE(applied.contentType, "application/apply-patch+yaml");
        QCOMPARE(bodyOf(applied)["apiVersion"_L1], u"networking.k8s.io/v1"_s);
        const Request patch = requests::mergePatch(resources::pods, u"ci"_s, u"a"_s, object);
        QCOMPARE(patch.contentType, "application/merge-patch+json");
        QCOMPARE(bodyOf(patch), object);
        QCOMPARE(requests::patchSubresource(resources::pods, u"ci"_s, u"a"_s, u"s"_s, object).contentType,
                 "application/strategic-merge-patch+json");
    }

    void aDeletionCarriesGraceAndIdentity()
    {
        QCOMPARE(bodyOf(requests::remove(resources::pods, u"ci"_s, u"a"_s, 0s, u"3737"_s)),
                 (QJsonObject{{"kind"_L1, "DeleteOptions"_L1},
                              {"apiVersion"_L1, "v1"_L1},
                              {"propagationPolicy"_L1, "Background"_L1},
                              {"gracePeriodSeconds"_L1, 0},
                              {"preconditions"_L1, QJsonObject{{"uid"_L1, "3737"_L1}}}}));
        const QJsonObject plain = bodyOf(requests::remove(resources::pods, u"ci"_s, u"a"_s));
        QVERIFY(!plain.contains("gracePeriodSeconds"_L1) && !plain.contains("preconditions"_L1));
    }

    void anAccessReviewAsksForOneRight()
    {
        const QJsonObject body = bodyOf(requests::accessReview(u"ci"_s, u"get"_s, resources::pods, u"exec"_s));
        QCOMPARE(body["kind"_L1], u"SelfSubjectAccessReview"_s);
        QCOMPARE(body["spec"_L1].toObject()["resourceAttributes"_L1], (QJsonObject{{"namespace"_L1, "ci"_L1},
                                                                                   {"verb"_L1, "get"_L1},
                                                                                   {"group"_L1, ""_L1},
                                                                                   {"version"_L1, "v1"_L1},
                                                                                   {"resource"_L1, "pods"_L1},
                                                                                   {"subresource"_L1, "exec"_L1}}));
    }

    void onlyWhatDoesTheSameTwiceIsRepeatable()
    {
        const auto &pods = resources::pods;
        QVERIFY(requests::get(pods, u"ci"_s, u"a"_s).isRepeatable);
        QVERIFY(requests::list(pods, u"ci"_s).isRepeatable);
        QVERIFY(requests::apply(pods, u"ci"_s, u"a"_s, {}).isRepeatable);
        QVERIFY(requests::remove(pods, u"ci"_s, u"a"_s).isRepeatable);
        QVERIFY(requests::accessReview(u"ci"_s, u"get"_s, pods).isRepeatable);
        QVERIFY(!requests::create(pods, u"ci"_s, {}).isRepeatable);
        QVERIFY(!requests::watch(pods, u"ci"_s, {}).isRepeatable);
        QVERIFY(!requests::exec(u"ci"_s, u"a"_s, {}).isRepeatable);
        const QJsonObject versioned{{"metadata"_L1, QJsonObject{{"resourceVersion"_L1, "7"_L1}}}};
        QVERIFY(!requests::mergePatch(pods, u"ci"_s, u"a"_s, versioned).isRepeatable);
        QVERIFY(requests::mergePatch(pods, u"ci"_s, u"a"_s, {}).isRepeatable);
    }

    void aWatchMayLastLongerThanItsTimeout()
    {
        QVERIFY(requests::watch(resources::pods, u"ci"_s, {.timeout = 300s}).deadline > 300s);
    }
};

QTEST_APPLESS_MAIN(TestRequest)
#include "tst_request.moc"
