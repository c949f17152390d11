// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/apistatus.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;
using namespace std::chrono_literals;

using Kind = ApiError::Kind;

class TestApiStatus : public QObject
{
    Q_OBJECT

    /// A Status as API servers write it; "" leaves the field out.
    static QByteArray status(int code, const QString &reason, const QString &message, const QJsonObject &details = {})
    {
        QJsonObject object{{"kind"_L1, "Status"_L1},    {"apiVersion"_L1, "v1"_L1}, {"metadata"_L1, QJsonObject()},
                           {"status"_L1, "Failure"_L1}, {"message"_L1, message},    {"code"_L1, code}};
        if (!reason.isEmpty())
            object["reason"_L1] = reason;
        if (!details.isEmpty())
            object["details"_L1] = details;
        return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    }

    struct Row
    {
        const char *name;
        int httpCode;
        QByteArray body;
        Kind kind;
        ErrorCode code;
        QString sentence;
    };
    static void add(const Row &row)
    {
        QTest::newRow(row.name) << row.httpCode << row.body << row.kind << row.code << row.sentence;
    }
    static void columns()
    {
        QTest::addColumn<int>("httpCode");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("sentence");
    }
    static void check()
    {
        QFETCH(int, httpCode);
        QFETCH(QByteArray, body);
        const ApiError error = readRefusal(httpCode, {}, body);
        QTEST(error.kind, "kind");
        QCOMPARE(error.httpCode, httpCode);
        const Error told = error.toError(u"open pod x"_s);
        QTEST(told.message, "sentence");
        QTEST(told.code, "code");
    }

private slots:
    void judgesRecordedStatuses_data()
    {
        columns();
        add({"401", 401, status(401, u"Unauthorized"_s, u"Unauthorized"_s), Kind::Unauthorized,
             ErrorCode::Unauthenticated,
             u"open pod x: the API server does not accept the token or client certificate: Unauthorized "
             "(401 Unauthorized)"_s});
        const auto forbidden =
            u"pods \"job1\" is forbidden: User \"nobody\" cannot get resource \"pods/exec\" in API group \"\" in the "
            "namespace \"danube-jobs\""_s;
        add({"403 by RBAC", 403, status(403, u"Forbidden"_s, forbidden), Kind::Forbidden, ErrorCode::PermissionDenied,
             u"open pod x: %1 (403 Forbidden)"_s.arg(forbidden)});
        const auto anonymous = u"pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\""_s;
        add({"403 without a token", 403, status(403, u"Forbidden"_s, anonymous), Kind::Forbidden,
             ErrorCode::PermissionDenied, u"open pod x: %1; no credential was sent (403 Forbidden)"_s.arg(anonymous)});
        add({"403 of 1.36 without create", 403, status(403, u"Forbidden"_s, u"pods \"job1\" is forbidden: "_s),
             Kind::Forbidden, ErrorCode::PermissionDenied,
             u"open pod x: pods \"job1\" is forbidden: the API server gives no reason; exec needs both get and "
             "create on pods/exec (403 Forbidden)"_s});
        const auto quota =
            u"pods \"q1\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=1"_s;
        add({"403 by quota", 403, status(403, u"Forbidden"_s, quota), Kind::QuotaExceeded, ErrorCode::ResourceExhausted,
             u"open pod x: %1; it fits when other pods have ended (403 Forbidden)"_s.arg(quota)});
        add({"404", 404, status(404, u"NotFound"_s, u"pods \"nopod\" not found"_s), Kind::NotFound, ErrorCode::NotFound,
             u"open pod x: pods \"nopod\" not found (404 NotFound)"_s});
        add({"409 exists", 409, status(409, u"AlreadyExists"_s, u"pods \"api1\" already exists"_s), Kind::AlreadyExists,
             ErrorCode::AlreadyExists, u"open pod x: pods \"api1\" already exists (409 AlreadyExists)"_s});
        add({"409 stale", 409,
             status(409, u"Conflict"_s,
                    u"Operation cannot be fulfilled on pods \"api1\": the object has been modified"_s),
             Kind::Conflict, ErrorCode::Conflict,
             u"open pod x: Operation cannot be fulfilled on pods \"api1\": the object has been modified "
             "(409 Conflict)"_s});
        add({"410 of a list", 410, status(410, u"Expired"_s, u"The provided continue parameter is too old"_s),
             Kind::Expired, ErrorCode::Unavailable,
             u"open pod x: The provided continue parameter is too old (410 Expired)"_s});
        add({"415", 415, status(415, u"UnsupportedMediaType"_s, u"415: Unsupported Media Type"_s), Kind::BadRequest,
             ErrorCode::InvalidArgument, u"open pod x: 415: Unsupported Media Type (415 UnsupportedMediaType)"_s});
        add({"422", 422, status(422, u"Invalid"_s, u"Pod \"x\" is invalid: spec.containers: Required value"_s),
             Kind::BadRequest, ErrorCode::InvalidArgument,
             u"open pod x: Pod \"x\" is invalid: spec.containers: Required value (422 Invalid)"_s});
        add({"429 of a disruption budget", 429,
             status(429, u"TooManyRequests"_s, u"Cannot evict pod as it would violate the pod's disruption budget."_s),
             Kind::TooManyRequests, ErrorCode::Unavailable,
             u"open pod x: the API server wants fewer requests: Cannot evict pod as it would violate the pod's "
             "disruption budget. (429 TooManyRequests)"_s});
        add({"500 kubelet down", 500,
             status(500, {}, u"error dialing backend: dial tcp 127.0.0.1:20250: connect: connection refused"_s),
             Kind::ServerError, ErrorCode::Unavailable,
             u"open pod x: the API server cannot reach the node's kubelet: error dialing backend: dial tcp "
             "127.0.0.1:20250: connect: connection refused (500)"_s});
        add({"500 for an unknown field", 500,
             status(500, {},
                    u"failed to create typed patch object (ci/ssa; /v1, Kind=ConfigMap): .bogus: field not declared in "
                    "schema"_s),
             Kind::BadRequest, ErrorCode::InvalidArgument,
             u"open pod x: failed to create typed patch object (ci/ssa; /v1, Kind=ConfigMap): .bogus: field not "
             "declared in schema (500)"_s});
        add({"500 for a version that is none", 500,
             status(500, {}, u"resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\""_s),
             Kind::BadRequest, ErrorCode::InvalidArgument,
             u"open pod x: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\" (500)"_s});
        add({"504", 504, status(504, u"Timeout"_s, u"Timeout: Too large resource version: 99999999, current: 1024"_s),
             Kind::ServerError, ErrorCode::Unavailable,
             u"open pod x: the API server failed: Timeout: Too large resource version: 99999999, current: 1024 "
             "(504 Timeout)"_s});
    }
    void judgesRecordedStatuses() { check(); }

    void theRecorded400sAreOurs_data()
    {
        QTest::addColumn<QString>("message");
        QTest::newRow("container") << u"container nope is not valid for pod job1"_s;
        QTest::newRow("which") << u"a container name must be specified for pod job1, choose one of: [main side]"_s;
        QTest::newRow("pending") << u"pod pend does not have a host assigned"_s;
        QTest::newRow("upgrade") << u"Upgrade request required"_s;
        QTest::newRow("strict") << u"Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown "
                                   "field \"spec.containers[0].bogus\""_s;
    }
    void theRecorded400sAreOurs()
    {
        QFETCH(QString, message);
        const ApiError error = readRefusal(400, {}, status(400, u"BadRequest"_s, message));
        QCOMPARE(error.kind, Kind::BadRequest);
        QCOMPARE(error.message, message);
        QVERIFY(!error.isTransient());
    }

    void judgesRefusalsThatAreNoStatus_data()
    {
        columns();
        add({"400", 400, "you must specify at least 1 of stdin, stdout, stderr", Kind::BadRequest,
             ErrorCode::InvalidArgument, u"open pod x: you must specify at least 1 of stdin, stdout, stderr (400)"_s});
        add({"403 of an unknown subprotocol", 403, "", Kind::Forbidden, ErrorCode::PermissionDenied,
             u"open pod x: no reason given (403)"_s});
        add({"404 of an unknown group", 404, "404 page not found\n", Kind::NotFound, ErrorCode::NotFound,
             u"open pod x: 404 page not found (404)"_s});
        add({"405", 405, "bad method", Kind::BadRequest, ErrorCode::InvalidArgument,
             u"open pod x: bad method (405)"_s});
        add({"429 by priority and fairness", 429, "Too many requests, please try again later.\n", Kind::TooManyRequests,
             ErrorCode::Unavailable,
             u"open pod x: the API server wants fewer requests: Too many requests, please try again later. (429)"_s});
        add({"500 container gone", 500, "container not found (\"main\")", Kind::ServerError, ErrorCode::Unavailable,
             u"open pod x: the API server failed: container not found (\"main\") (500)"_s});
        add({"a proxy's page", 502, "<html><body>Bad Gateway</body></html>", Kind::ServerError, ErrorCode::Unavailable,
             u"open pod x: the API server failed: the answer is a web page, not the API server's (is a proxy in "
             "between?) (502)"_s});
        add({"a redirect", 302, "", Kind::Protocol, ErrorCode::Protocol,
             u"open pod x: that was no answer of a Kubernetes API server: no reason given (302)"_s});
        add({"JSON that is no Status", 403, R"({"error":"x"})", Kind::Forbidden, ErrorCode::PermissionDenied,
             u"open pod x: {\"error\":\"x\"} (403)"_s});
        add({"a Status that says Success", 409, R"({"kind":"Status","status":"Success"})", Kind::Conflict,
             ErrorCode::Conflict, u"open pod x: {\"kind\":\"Status\",\"status\":\"Success\"} (409)"_s});
        add({"control characters", 400, "a\x1b[31m\r\nb", Kind::BadRequest, ErrorCode::InvalidArgument,
             u"open pod x: a [31m b (400)"_s});
    }
    void judgesRefusalsThatAreNoStatus() { check(); }

    void anErrorEventBringsItsOwnCode()
    {
        const ApiError error = readRefusal(200, {}, status(410, u"Expired"_s, u"too old resource version: 1 (665)"_s));
        QCOMPARE(error.kind, Kind::Expired);
        QCOMPARE(error.httpCode, 410);
        QCOMPARE(readRefusal(200, {}, "{}").kind, Kind::Protocol);
        QCOMPARE(readRefusal(200, {}, status(0, {}, {})).kind, Kind::Protocol);
        // The line of HTTP wins over what the body says.
        QCOMPARE(readRefusal(500, {}, status(410, {}, {})).httpCode, 500);
    }

    void keepsWhenToComeAgain_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("inDetails");
        QTest::addColumn<std::optional<seconds>>("expected");
        QTest::newRow("none") << QByteArray() << -1 << std::optional<seconds>();
        QTest::newRow("header") << QByteArray("1") << -1 << std::optional(1s);
        QTest::newRow("header with spaces") << QByteArray(" 30 ") << -1 << std::optional(30s);
        QTest::newRow("details") << QByteArray() << 5 << std::optional(5s);
        QTest::newRow("header wins") << QByteArray("2") << 5 << std::optional(2s);
        QTest::newRow("at once") << QByteArray("0") << -1 << std::optional(0s);
        QTest::newRow("a date") << QByteArray("Wed, 21 Oct 2026 07:28:00 GMT") << -1 << std::optional<seconds>();
        QTest::newRow("negative") << QByteArray("-3") << -1 << std::optional<seconds>();
        QTest::newRow("endless") << QByteArray("999999999999") << -1 << std::optional<seconds>(1h);
    }
    void keepsWhenToComeAgain()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, inDetails);
        const QJsonObject details = inDetails < 0 ? QJsonObject() : QJsonObject{{"retryAfterSeconds"_L1, inDetails}};
        const ApiError error = readRefusal(429, header, status(429, {}, u"later"_s, details));
        QTEST(error.retryAfter, "expected");
        QCOMPARE(error.toError(u"x"_s).message.contains(u"again after"_s), error.retryAfter.has_value());
    }

    void keepsDetailsAndCutsLongMessages()
    {
        const QJsonObject details{{"causes"_L1, QJsonArray{QJsonObject{{"reason"_L1, "FieldValueRequired"_L1}}}}};
        const ApiError error = readRefusal(422, {}, status(422, u"Invalid"_s, QString(100'000, u'x'), details));
        QCOMPARE(error.details, details);
        QCOMPARE(error.message.size(), 2048);
        QVERIFY(readRefusal(500, {}, QByteArray(100'000, 'x')).message.size() <= 2048);
    }

    void failuresWithoutAnAnswerSayWhatHappened_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("isTransient");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("network") << Kind::Network << ErrorCode::Unavailable << true
                                 << u"list pods: the API server cannot be reached: why"_s;
        QTest::newRow("tls") << Kind::Tls << ErrorCode::Protocol << false
                             << u"list pods: no trusted TLS connection to the API server: why"_s;
        QTest::newRow("timeout") << Kind::Timeout << ErrorCode::Timeout << true
                                 << u"list pods: the API server did not answer in time: why"_s;
        QTest::newRow("protocol") << Kind::Protocol << ErrorCode::Protocol << false
                                  << u"list pods: that was no answer of a Kubernetes API server: why"_s;
    }
    void failuresWithoutAnAnswerSayWhatHappened()
    {
        QFETCH(Kind, kind);
        QFETCH(bool, isTransient);
        ApiError error;
        error.kind = kind;
        error.message = u"why"_s;
        QTEST(error.toError(u"list pods"_s).message, "sentence");
        QTEST(error.toError(u"list pods"_s).code, "code");
        QCOMPARE(error.isTransient(), isTransient);
    }
};

QTEST_APPLESS_MAIN(TestApiStatus)
#include "tst_apistatus.moc"
