// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/result.h"

#include <QSet>
#include <QTest>

#include <cerrno>

using namespace danube;
using namespace Qt::StringLiterals;

class TestResult : public QObject
{
    Q_OBJECT
private slots:
    void everyCodeHasItsName_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("name");
        QTest::newRow("1") << ErrorCode::InvalidArgument << u"invalid-argument"_s;
        QTest::newRow("2") << ErrorCode::Unauthenticated << u"unauthenticated"_s;
        QTest::newRow("3") << ErrorCode::PermissionDenied << u"permission-denied"_s;
        QTest::newRow("4") << ErrorCode::NotFound << u"not-found"_s;
        QTest::newRow("5") << ErrorCode::AlreadyExists << u"already-exists"_s;
        QTest::newRow("6") << ErrorCode::Conflict << u"conflict"_s;
        QTest::newRow("7") << ErrorCode::ResourceExhausted << u"resource-exhausted"_s;
        QTest::newRow("8") << ErrorCode::Unavailable << u"unavailable"_s;
        QTest::newRow("9") << ErrorCode::Timeout << u"timeout"_s;
        QTest::newRow("10") << ErrorCode::Cancelled << u"cancelled"_s;
        QTest::newRow("11") << ErrorCode::DataLoss << u"data-loss"_s;
        QTest::newRow("12") << ErrorCode::Io << u"io"_s;
        QTest::newRow("13") << ErrorCode::Protocol << u"protocol"_s;
        QTest::newRow("14") << ErrorCode::Internal << u"internal"_s;
    }
    void everyCodeHasItsName()
    {
        QFETCH(ErrorCode, code);
        QFETCH(QString, name);
        QCOMPARE(errorCodeName(code), name);
    }

    void errorsTellTheAttemptOneLevelUp()
    {
        const Error error{ErrorCode::Io, u"disk full"_s};
        QCOMPARE(error.in(u"open database x"_s), (Error{ErrorCode::Io, u"open database x: disk full"_s}));
    }

    void errnoBecomesACode_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("text");
        QTest::newRow("no space") << ENOSPC << ErrorCode::ResourceExhausted << u"No space left on device"_s;
        QTest::newRow("quota") << EDQUOT << ErrorCode::ResourceExhausted << u"Disk quota exceeded"_s;
        QTest::newRow("missing") << ENOENT << ErrorCode::NotFound << u"No such file or directory"_s;
        QTest::newRow("other") << EIO << ErrorCode::Io << u"Input/output error"_s;
    }
    void errnoBecomesACode()
    {
        QFETCH(int, number);
        QFETCH(ErrorCode, code);
        QFETCH(QString, text);
        const Result<int> result = failErrno(u"write x"_s, number);
        QCOMPARE(result.error(), (Error{code, u"write x: "_s + text}));
    }

    void failMakesAnyResult()
    {
        const Result<QString> result = fail(ErrorCode::NotFound, u"gone"_s);
        QVERIFY(!result);
        QCOMPARE(result.error(), (Error{ErrorCode::NotFound, u"gone"_s}));
    }
};

QTEST_APPLESS_MAIN(TestResult)
#include "tst_result.moc"
