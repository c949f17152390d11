// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/problem.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

class TestProblem : public QObject
{
    Q_OBJECT
private slots:
    void everyErrorHasItsStatus_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("slug");
        QTest::newRow("1") << ErrorCode::InvalidArgument << 400 << u"invalid-argument"_s;
        QTest::newRow("2") << ErrorCode::Unauthenticated << 401 << u"unauthenticated"_s;
        QTest::newRow("3") << ErrorCode::PermissionDenied << 403 << u"permission-denied"_s;
        QTest::newRow("4") << ErrorCode::NotFound << 404 << u"not-found"_s;
        QTest::newRow("5") << ErrorCode::AlreadyExists << 409 << u"already-exists"_s;
        QTest::newRow("6") << ErrorCode::Conflict << 409 << u"conflict"_s;
        QTest::newRow("7") << ErrorCode::ResourceExhausted << 429 << u"resource-exhausted"_s;
        QTest::newRow("8") << ErrorCode::Unavailable << 503 << u"unavailable"_s;
        QTest::newRow("9") << ErrorCode::Timeout << 504 << u"timeout"_s;
        QTest::newRow("10") << ErrorCode::Cancelled << 409 << u"cancelled"_s;
        QTest::newRow("11") << ErrorCode::DataLoss << 500 << u"data-loss"_s;
        QTest::newRow("12") << ErrorCode::Io << 500 << u"io"_s;
        QTest::newRow("13") << ErrorCode::Protocol << 502 << u"protocol"_s;
        QTest::newRow("14") << ErrorCode::Internal << 500 << u"internal"_s;
    }
    void everyErrorHasItsStatus()
    {
        QFETCH(ErrorCode, code);
        QFETCH(int, status);
        QFETCH(QString, slug);
        const Error error{code, u"what happened"_s};
        const Problem problem = problemOf(error, u"/api/v1/jobs"_s);
        QCOMPARE(problem.status, status);
        QCOMPARE(problem.type, u"urn:danube:problem:"_s + slug);
        QCOMPARE(problem.detail, error.message);
        QCOMPARE(problem.instance, u"/api/v1/jobs"_s);
        QVERIFY(!problem.title.isEmpty());
        QVERIFY(problem.extensions.isEmpty());
        // What a client makes of it is the same error again, also over the wire.
        QCOMPARE(errorOf(problem), error);
        QCOMPARE(errorOfAnswer(status, toBytes(problem)), error);
    }

    // RFC 9110 15 and 6585.
    void statusesHaveTheirPhrases_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("phrase");
        QTest::addRow("%d", 400) << 400 << u"Bad Request"_s;
        QTest::addRow("%d", 401) << 401 << u"Unauthorized"_s;
        QTest::addRow("%d", 403) << 403 << u"Forbidden"_s;
        QTest::addRow("%d", 404) << 404 << u"Not Found"_s;
        QTest::addRow("%d", 405) << 405 << u"Method Not Allowed"_s;
        QTest::addRow("%d", 406) << 406 << u"Not Acceptable"_s;
        QTest::addRow("%d", 408) << 408 << u"Request Timeout"_s;
        QTest::addRow("%d", 409) << 409 << u"Conflict"_s;
        QTest::addRow("%d", 410) << 410 << u"Gone"_s;
        QTest::addRow("%d", 411) << 411 << u"Length Required"_s;
        QTest::addRow("%d", 413) << 413 << u"Content Too Large"_s;
        QTest::addRow("%d", 414) << 414 << u"URI Too Long"_s;
        QTest::addRow("%d", 415) << 415 << u"Unsupported Media Type"_s;
        QTest::addRow("%d", 416) << 416 << u"Range Not Satisfiable"_s;
        QTest::addRow("%d", 417) << 417 << u"Expectation Failed"_s;
        QTest::addRow("%d", 422) << 422 << u"Unprocessable Content"_s;
        QTest::addRow("%d", 426) << 426 << u"Upgrade Required"_s;
        QTest::addRow("%d", 429) << 429 << u"Too Many Requests"_s;
        QTest::addRow("%d", 431) << 431 << u"Request Header Fields Too Large"_s;
        QTest::addRow("%d", 500) << 500 << u"Internal Server Error"_s;
        QTest::addRow("%d", 501) << 501 << u"Not Implemented"_s;
        QTest::addRow("%d", 502) << 502 << u"Bad Gateway"_s;
        QTest::addRow("%d", 503) << 503 << u"Service Unavailable"_s;
        QTest::addRow("%d", 504) << 504 << u"Gateway Timeout"_s;
        QTest::addRow("%d", 505) << 505 << u"HTTP Version Not Supported"_s;
        QTest::addRow("%d", 507) << 507 << u"Insufficient Storage"_s;
        QTest::addRow("%d", 299) << 299 << u"Status 299"_s;
    }
    void statusesHaveTheirPhrases()
    {
        QFETCH(int, status);
        QTEST(titleOf(status), "phrase");
    }

    void aFullVolumeIs507()
    {
        const Error full{ErrorCode::ResourceExhausted, u"disk full"_s};
        const Problem problem = problemOf(full, {}, Exhausted::Storage);
        QCOMPARE(problem.status, 507);
        QCOMPARE(problem.extensions, (QJsonObject{{u"resource"_s, u"storage"_s}}));
        QCOMPARE(errorOf(problem), full);
        QCOMPARE(problemOf({ErrorCode::Io, {}}, {}, Exhausted::Storage).status, 500);
    }

    void hasItsWireForm()
    {
        const Problem problem{u"urn:danube:problem:conflict"_s, u"T"_s, 409, u"D"_s, u"/x"_s,
                              {{u"retry_of"_s, u"j1"_s}}};
        const QByteArray expected = R"({"detail":"D","instance":"/x","retry_of":"j1","status":409,"title":"T",)"
                                    R"("type":"urn:danube:problem:conflict"})";
        QCOMPARE(toBytes(problem), expected + '\n');
        QCOMPARE(problemFromJson(toJson(problem)), problem);
    }

    void leavesOutAnEmptyInstance() { QVERIFY(!toJson(problemOf({ErrorCode::Io, {}})).contains("instance"_L1)); }

    void extensionsNeverReplaceMembers()
    {
        Problem problem = problemOf({ErrorCode::NotFound, u"D"_s}, u"/x"_s);
        for (const auto &key : {u"type"_s, u"title"_s, u"status"_s, u"detail"_s, u"instance"_s})
            problem.extensions.insert(key, u"forged"_s);
        QVERIFY(!QJsonDocument(toJson(problem)).toJson().contains("forged"));
    }

    void refusalsOfHttpItselfHaveASlugToo()
    {
        const Problem problem = problemOfStatus(405, u"use GET"_s, u"/x"_s);
        QCOMPARE(
            problem,
            (Problem{
                u"urn:danube:problem:method-not-allowed"_s, u"Method Not Allowed"_s, 405, u"use GET"_s, u"/x"_s, {}}));
        QCOMPARE(errorOf(problem).code, ErrorCode::InvalidArgument);
        QCOMPARE(titleOf(299), u"Status 299"_s);
        QCOMPARE(titleOf(507), u"Insufficient Storage"_s);
    }

    void readsAnswersThatAreNoProblem_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, int status, const char *body, ErrorCode code, const QString &message) {
            QTest::newRow(name) << status << QByteArray(body) << code << message;
        };
        row("HTML of a proxy", 502, "<html>", ErrorCode::Protocol, u"answered 502 Bad Gateway"_s);
        row("empty", 401, "", ErrorCode::Unauthenticated, u"answered 401 Unauthorized"_s);
        row("array", 403, "[]", ErrorCode::PermissionDenied, u"answered 403 Forbidden"_s);
        row("400", 400, "", ErrorCode::InvalidArgument, u"answered 400 Bad Request"_s);
        row("404", 404, "", ErrorCode::NotFound, u"answered 404 Not Found"_s);
        row("409", 409, "", ErrorCode::Conflict, u"answered 409 Conflict"_s);
        row("429", 429, "", ErrorCode::ResourceExhausted, u"answered 429 Too Many Requests"_s);
        row("507", 507, "", ErrorCode::ResourceExhausted, u"answered 507 Insufficient Storage"_s);
        row("500", 500, "", ErrorCode::Internal, u"answered 500 Internal Server Error"_s);
        row("503", 503, "", ErrorCode::Unavailable, u"answered 503 Service Unavailable"_s);
        row("504", 504, "", ErrorCode::Timeout, u"answered 504 Gateway Timeout"_s);
        row("408", 408, "", ErrorCode::Timeout, u"answered 408 Request Timeout"_s);
        row("other 4xx", 418, "", ErrorCode::InvalidArgument, u"answered 418 Status 418"_s);
        row("last 4xx", 499, "", ErrorCode::InvalidArgument, u"answered 499 Status 499"_s);
        row("other 5xx", 599, "", ErrorCode::Protocol, u"answered 599 Status 599"_s);
        row("redirect", 302, "", ErrorCode::Protocol, u"answered 302 Status 302"_s);
        row("title only", 404, R"({"title":"T"})", ErrorCode::NotFound, u"T"_s);
        row("foreign type", 404, R"({"type":"about:blank","detail":"D"})", ErrorCode::NotFound, u"D"_s);
        row("unknown slug", 409, R"({"type":"urn:danube:problem:new","detail":"D"})", ErrorCode::Conflict, u"D"_s);
        row("status of the answer wins", 404, R"({"status":500,"detail":"D"})", ErrorCode::NotFound, u"D"_s);
    }
    void readsAnswersThatAreNoProblem()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        QCOMPARE(errorOfAnswer(status, body), (Error{code, message}));
    }

    void aBareObjectIsAnUnnamedProblem()
    {
        const Problem problem = problemFromJson({});
        QCOMPARE(problem.type, u"about:blank"_s);
        QCOMPARE(problem.status, 500);
    }
};

QTEST_APPLESS_MAIN(TestProblem)
#include "tst_problem.moc"
