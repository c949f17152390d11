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
        const std::pair<QString, double> units[] = {{u"1b"_s, 1},        {u"1KB"_s, 1e3},     {u"1MB"_s, 1e6},
                                                    {u"1GB"_s, 1e9},     {u"1TB"_s, 1e12},    {u"1KiB"_s, 0x1p10},
                                                    {u"1MiB"_s, 0x1p20}, {u"1GiB"_s, 0x1p30}, {u"1TiB"_s, 0x1p40}};
        for (const auto &[unit, bytes] : units)
            QTest::newRow(qPrintable(unit)) << unit << static_cast<qint64>(bytes);
        QTest::newRow("rounded") << u"0.0009 KiB"_s << qint64(1);
        QTest::newRow("blanks around") << u"  5  "_s << qint64(5);
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
        for (const char *text : {"", "GiB", "-1", "1 XB", "1..2 KiB", "9999999999 TiB", "4194304 TiB"})
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
        QCOMPARE(toText(ByteCount(0)), u"0 B"_s);
        QCOMPARE(toText(ByteCount(17)), u"17 B"_s);
        QCOMPARE(toText(ByteCount(1023)), u"1023 B"_s);
        QCOMPARE(toText(ByteCount(1024)), u"1 KiB"_s);
        QCOMPARE(toText(ByteCount(1025)), u"1.0 KiB"_s);
        QCOMPARE(toText(ByteCount(-1536)), u"-1.5 KiB"_s);
        QCOMPARE(toText(1_GiB), u"1 GiB"_s);
        QCOMPARE(toText(ByteCount(5LL << 40)), u"5 TiB"_s);
        QCOMPARE(toText(ByteCount(5LL << 50)), u"5120 TiB"_s);
        QCOMPARE(toText(1536_KiB), u"1.5 MiB"_s);
        QCOMPARE(toText(2_GiB), u"2 GiB"_s);
    }
};

QTEST_APPLESS_MAIN(TestByteCount)
#include "tst_bytecount.moc"
