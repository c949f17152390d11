// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/safetext.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube::cli;
using namespace Qt::StringLiterals;

class TestSafeText : public QObject
{
    Q_OBJECT
private slots:
    void makesLogLinesHarmless_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << "a\tb"_ba << "a\tb"_ba;
        QTest::newRow("colour") << "\x1b[1;31mred\x1b[0m."_ba << "\x1b[1;31mred\x1b[0m.\x1b[0m"_ba;
        QTest::newRow("true colour") << "\x1b[38:2:1:2:3mx"_ba << "\x1b[38:2:1:2:3mx\x1b[0m"_ba;
        QTest::newRow("cursor") << "a\x1b[2Jb\x1b[10;10Hc"_ba << "abc"_ba;
        QTest::newRow("private mode") << "a\x1b[?1049hb"_ba << "ab"_ba;
        QTest::newRow("SGR with private parameter") << "a\x1b[>4mb"_ba << "ab"_ba;
        QTest::newRow("title, BEL") << "a\x1b]0;evil\x07"
                                       "b"_ba
                                    << "ab"_ba;
        QTest::newRow("title, ST") << "a\x1b]0;evil\x1b\\b"_ba << "ab"_ba;
        QTest::newRow("clipboard, unfinished") << "a\x1b]52;c;ZXZpbA=="_ba << "a"_ba;
        QTest::newRow("device control") << "a\x1bP$qm\x1b\\b"_ba << "ab"_ba;
        QTest::newRow("string ended by another escape") << "\x1b]0;x\x1b[31my"_ba << "\x1b[31my\x1b[0m"_ba;
        QTest::newRow("charset") << "a\x1b(0b"_ba << "ab"_ba;
        QTest::newRow("single") << "a\x1b"
                                   "cb"_ba
                                << "ab"_ba;
        QTest::newRow("lone escape") << "a\x1b"_ba << "a"_ba;
        QTest::newRow("unfinished CSI") << "a\x1b[12"_ba << "a"_ba;
        QTest::newRow("CSI without final") << "a\x1b[12\xc3\xbc"_ba << "a\xc3\xbc"_ba;
        QTest::newRow("escape before other text") << "a\x1b\xc3\xbc"_ba << "a\xc3\xbc"_ba;
        QTest::newRow("C1 CSI") << "a\xc2\x9b"
                                   "2Jb"_ba
                                << "a2Jb"_ba;
        QTest::newRow("controls") << QByteArray("a\0\a\b\x0e\x7f"
                                                "b",
                                                7)
                                  << "ab"_ba;
        QTest::newRow("bidi") << "a\xe2\x80\xae"
                                 "b"_ba
                              << "ab"_ba;
        QTest::newRow("CR at the end") << "abc\r"_ba << "abc"_ba;
        QTest::newRow("progress") << "10%\r50%\r100%"_ba << "100%"_ba;
        QTest::newRow("progress, CRLF") << "10%\r100%\r\r"_ba << "100%"_ba;
        QTest::newRow("invalid UTF-8") << "a\xff"
                                          "b"_ba
                                       << "a\xef\xbf\xbd"
                                          "b"_ba;
        QTest::newRow("UTF-8") << "grün 日本"_ba << "grün 日本"_ba;
    }
    void makesLogLinesHarmless()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, shown);
        QCOMPARE(LineFilter(LineFilter::Colours::Keep).filter(line), shown);
    }

    void carriesColoursToTheNextLine()
    {
        LineFilter filter(LineFilter::Colours::Keep);
        QCOMPARE(filter.filter("\x1b[31mred"), "\x1b[31mred\x1b[0m"_ba);
        QCOMPARE(filter.filter("still\x1b[1m"), "\x1b[31mstill\x1b[1m\x1b[0m"_ba);
        QCOMPARE(filter.filter("both\x1b[m"), "\x1b[31m\x1b[1mboth\x1b[m\x1b[0m"_ba);
        QCOMPARE(filter.filter("none"), "none"_ba);
        filter.filter("\x1b[31m");
        QCOMPARE(filter.filter("\x1b[0m"), "\x1b[31m\x1b[0m\x1b[0m"_ba);
        QCOMPARE(filter.filter("none"), "none"_ba);
    }

    void boundsWhatItCarries()
    {
        LineFilter filter(LineFilter::Colours::Keep);
        for (int i = 0; i < 1000; ++i)
            filter.filter("\x1b[31m");
        QVERIFY(filter.filter("x").size() < 300);
        filter.filter("\x1b[" + QByteArray(100'000, ';') + 'm'); // one sequence of any length
        QVERIFY(filter.filter("x").size() < 300);
        filter.filter("\x1b[32m");
        QCOMPARE(filter.filter("x"), "\x1b[32mx\x1b[0m"_ba); // afterwards colours go on
    }

    void dropsColoursWhereThereAreNone()
    {
        LineFilter filter(LineFilter::Colours::Drop);
        QCOMPARE(filter.filter("\x1b[1;31mred\x1b[0m"), "red"_ba);
        QCOMPARE(filter.filter("next"), "next"_ba);
    }

    void neverLetsAnythingButColoursThrough()
    {
        QRandomGenerator random(3);
        const QByteArray alphabet = "\x1b\x1b\x1b[[]P;:0123m?>\a\r\x9b\xc2"
                                    "ab\\(";
        LineFilter filter(LineFilter::Colours::Keep);
        static const QRegularExpression colours(u"\x1b\\[[0-9;:]*m"_s);
        for (int round = 0; round < 5000; ++round) {
            QByteArray line;
            for (int i = random.bounded(20); i >= 0; --i)
                line += alphabet[random.bounded(static_cast<int>(alphabet.size()))];
            QString shown = QString::fromUtf8(filter.filter(line));
            shown.remove(colours);
            for (const QChar c : shown)
                QVERIFY2(c.unicode() >= 0x20 && (c.unicode() < 0x7f || c.unicode() > 0x9f),
                         line.toHex(' ').constData());
        }
    }

    void keepsNamesInOneLine()
    {
        QCOMPARE(singleLine(u"a\n\x1b[31mb\u009b c\u202e"_s), u"a [31mb c"_s);
        QCOMPARE(singleLine(u"plain"_s), u"plain"_s);
    }
};

QTEST_APPLESS_MAIN(TestSafeText)
#include "tst_safetext.moc"
