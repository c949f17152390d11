// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/bytecount.h"

#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestByteCount : public QObject
{
    Q_OBJECT
private slots:
    void parsesUnits_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("plain") << u"4096"_s << qint64(4096);
        QTest::newRow("binary") << u"2 GiB"_s << (qint64(2) << 30);
        QTest::newRow("decimal") << u"512MB"_s << qint64(512'000'000);
        QTest::newRow("fraction") << u"1.5 KiB"_s << qint64(1536);
        QTest::newRow("any case") << u"3 mib"_s << (qint64(3) << 20);
    }
    void parsesUnits()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        QCOMPARE(toInt(parseByteCount(text).value()), bytes);
    }
    void refusesOtherText_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "GiB", "-1", "1 XB", "1..2 KiB", "9999999999 TiB"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refusesOtherText()
    {
        QFETCH(QString, text);
        const auto parsed = parseByteCount(text);
        QVERIFY(!parsed);
        QVERIFY(parsed.error().message.contains(u'\'' + text + u'\''));
    }
    void writesShortestForm()
    {
        QCOMPARE(toText(ByteCount(17)), u"17 B"_s);
        QCOMPARE(toText(1536_KiB), u"1.5 MiB"_s);
        QCOMPARE(toText(2_GiB), u"2 GiB"_s);
    }
};

QTEST_APPLESS_MAIN(TestByteCount)
#include "tst_bytecount.moc"
