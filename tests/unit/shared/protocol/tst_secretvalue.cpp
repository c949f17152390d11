// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/secretvalue.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

class TestSecretValue : public QObject
{
    Q_OBJECT
private slots:
    void whatIsWrittenIsReadAgain_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("plain") << "hunter2"_ba;
        QTest::newRow("quotes and backslashes") << R"(a"b\c\\"d\n)"_ba;
        QTest::newRow("lines") << "-----BEGIN-----\r\n\tx\n"_ba;
        QByteArray controls;
        for (char c = 0; c < 32; ++c)
            controls.append(c);
        QTest::newRow("every control character") << controls;
        QTest::newRow("other scripts") << u"Schlüssel 鍵 🔑"_s.toUtf8();
        QTest::newRow("the longest, all escaped") << QByteArray(longestSecret, '\x01');
    }
    void whatIsWrittenIsReadAgain()
    {
        QFETCH(QByteArray, value);
        const auto body = secretBody(Secret(value));
        QVERIFY(body);
        const QJsonObject read = QJsonDocument::fromJson(body->reveal()).object();
        QCOMPARE(read.keys(), QStringList{u"value"_s});
        QCOMPARE(read.value("value"_L1).toString().toUtf8(), value);
    }
    void whatJsonCannotHoldIsRefused_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("too much") << QByteArray(longestSecret + 1, 'x');
        QTest::newRow("no UTF-8") << "\xff\xfe"_ba;
    }
    void whatJsonCannotHoldIsRefused()
    {
        QFETCH(QByteArray, value);
        const auto body = secretBody(Secret(value));
        QVERIFY(!body);
        QCOMPARE(body.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_APPLESS_MAIN(TestSecretValue)
#include "tst_secretvalue.moc"
