// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/retrypolicy.h"

#include <QTest>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;

class TestRetryPolicy : public QObject
{
    Q_OBJECT
private slots:
    void judgesStatuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("verdict");
        const auto rows = [](Verdict verdict, std::initializer_list<int> statuses) {
            for (const int status : statuses)
                QTest::addRow("%d", status) << status << static_cast<int>(verdict);
        };
        rows(Verdict::Done, {200, 201, 204, 299});
        rows(Verdict::Retry, {408, 429, 502, 503, 504});
        rows(Verdict::Final, {300, 301, 400, 401, 403, 404, 409, 413, 500, 501, 507, 0});
    }
    void judgesStatuses()
    {
        QFETCH(int, status);
        QTEST(static_cast<int>(judge(HttpAnswer{status, {}, {}})), "verdict");
    }
    void judgesErrors_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("retried");
        for (const auto code : {ErrorCode::Unavailable, ErrorCode::Timeout, ErrorCode::Protocol})
            QTest::newRow(qPrintable(errorCodeName(code))) << static_cast<int>(code) << true;
        for (const auto code :
             {ErrorCode::Io, ErrorCode::ResourceExhausted, ErrorCode::InvalidArgument, ErrorCode::Conflict})
            QTest::newRow(qPrintable(errorCodeName(code))) << static_cast<int>(code) << false;
    }
    void judgesErrors()
    {
        QFETCH(int, code);
        const Result<HttpAnswer> answer = fail(static_cast<ErrorCode>(code), u"x"_s);
        QTEST(judge(answer) == Verdict::Retry, "retried");
    }
    void waitsWithBackoffUpToTheCap()
    {
        Backoff backoff(milliseconds(100), milliseconds(5000), [] { return 0.999999; });
        const Result<HttpAnswer> broken = fail(ErrorCode::Unavailable, u"x"_s);
        milliseconds last{};
        for (int i = 0; i < 12; ++i) {
            const auto wait = waitAfter(broken, backoff);
            QVERIFY(wait >= last);
            QVERIFY(wait <= milliseconds(5000));
            last = wait;
        }
        QVERIFY(last > milliseconds(4900));
    }
    void honoursRetryAfter_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<qint64>("wait");
        QTest::newRow("none") << QByteArray() << qint64(50);
        QTest::newRow("two seconds") << QByteArray("2") << qint64(2000);
        QTest::newRow("zero") << QByteArray("0") << qint64(50);
        QTest::newRow("too long") << QByteArray("86400") << qint64(30000);
        QTest::newRow("a date") << QByteArray("Fri, 31 Dec 1999 23:59:59 GMT") << qint64(50);
        QTest::newRow("negative") << QByteArray("-5") << qint64(50);
    }
    void honoursRetryAfter()
    {
        QFETCH(QByteArray, header);
        Backoff backoff(milliseconds(100), milliseconds(5000), [] { return 0.0; });
        QTEST(qint64(waitAfter(HttpAnswer{503, {}, header}, backoff).count()), "wait");
    }
    void takesTheProblemsDetail()
    {
        const QByteArray problem = R"({"type":"urn:danube:problem:not-found","title":"Not Found","status":404,)"
                                   R"("detail":"job x ended"})";
        const auto error = errorOfFinal(HttpAnswer{404, problem, {}});
        QCOMPARE(error.code, ErrorCode::NotFound);
        QCOMPARE(error.message, u"job x ended"_s);
    }
};

QTEST_APPLESS_MAIN(TestRetryPolicy)
#include "tst_retrypolicy.moc"
