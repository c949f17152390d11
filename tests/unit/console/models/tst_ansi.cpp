// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/ansi.h"
#include "console/models/plaintext.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

// What advanceStyle must equal: every sequence in order.
AnsiStyle walk(QByteArrayView bytes, AnsiStyle style)
{
    for (qsizetype i = 0; i < bytes.size();) {
        if (bytes[i] != ansiEscape) {
            ++i;
            continue;
        }
        const AnsiSequence sequence = readAnsiSequence(bytes.sliced(i));
        if (sequence.kind == AnsiSequence::Kind::Sgr)
            applySgr(sequence.parameters, style);
        i += sequence.length;
    }
    return style;
}

AnsiStyle styled(const QByteArray &parameters)
{
    AnsiStyle style;
    applySgr(parameters, style);
    return style;
}

QByteArray randomLog(QRandomGenerator &random, int pieces)
{
    static const QByteArrayList alphabet{
        "a",         "text ",  "\n",          "\x1b[0m", "\x1b[m",    "\x1b[31m", "\x1b[1;42m", "\x1b[38;5;200m",
        "\x1b[39m",  "\x1b",   "\x1b]0;t\a",  "\x1b]0;", "\x1b[0;4m", "\r",       "\xff",       "\x1b[48:2::1:2:3m",
        "\x1b[?25l", "\x1b(B", "\x1b[12;34H", "\x1b[",   "m",         "\x1b\\"};
    QByteArray log;
    for (int i = 0; i < pieces; ++i)
        log += alphabet[random.bounded(alphabet.size())];
    return log;
}

} // namespace

class TestAnsi : public QObject
{
    Q_OBJECT
private slots:
    void readsColours_data()
    {
        using K = AnsiColor::Kind;
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<int>("kind");
        QTest::addColumn<uint>("value");
        QTest::newRow("red") << "31"_ba << int(K::Indexed) << 1u;
        QTest::newRow("bright blue") << "94"_ba << int(K::Indexed) << 12u;
        QTest::newRow("256") << "38;5;208"_ba << int(K::Indexed) << 208u;
        QTest::newRow("256 with colons") << "38:5:208"_ba << int(K::Indexed) << 208u;
        QTest::newRow("true colour") << "38;2;1;2;255"_ba << int(K::Rgb) << 0x0102ffu;
        QTest::newRow("true colour with colons") << "38:2:1:2:255"_ba << int(K::Rgb) << 0x0102ffu;
        QTest::newRow("true colour with colour space") << "38:2::1:2:255"_ba << int(K::Rgb) << 0x0102ffu;
        QTest::newRow("after bold") << "1;32"_ba << int(K::Indexed) << 2u;
        QTest::newRow("default again") << "32;39"_ba << int(K::Default) << 0u;
        QTest::newRow("reset by 0") << "32;0"_ba << int(K::Default) << 0u;
        QTest::newRow("reset by nothing") << "32;"_ba << int(K::Default) << 0u;
        QTest::newRow("out of range stays in it") << "38;5;999"_ba << int(K::Indexed) << 255u;
        QTest::newRow("cut") << "38;2;1"_ba << int(K::Default) << 0u;
        QTest::newRow("unknown form") << "38;9;31"_ba << int(K::Default) << 0u;
        QTest::newRow("underline colour is skipped") << "58;5;31;33"_ba << int(K::Indexed) << 3u;
        QTest::newRow("huge number") << "99999999999999999999;35"_ba << int(K::Indexed) << 5u;
    }
    void readsColours()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(int, kind);
        QFETCH(uint, value);
        const AnsiColor color = styled(parameters).foreground;
        QCOMPARE(int(color.kind), kind);
        QCOMPARE(color.value, value);
    }
    void readsAttributes()
    {
        QVERIFY(styled("1").bold);
        QVERIFY(styled("1;2").faint);
        QVERIFY(!styled("1;2;22").bold && !styled("1;2;22").faint);
        QVERIFY(styled("3;23;4").underline && !styled("3;23").italic);
        QVERIFY(!styled("4;4:0").underline);
        QVERIFY(styled("4:3").underline);
        QVERIFY(styled("7").inverse && !styled("7;27").inverse);
        QVERIFY(styled("9").strikeout && styled("8").concealed);
        QCOMPARE(styled("41").background, (AnsiColor{AnsiColor::Kind::Indexed, 1}));
        QCOMPARE(styled("101").background, (AnsiColor{AnsiColor::Kind::Indexed, 9}));
    }
    void showsWhatATerminalShows_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << "hello"_ba << u"hello"_s;
        QTest::newRow("empty") << ""_ba << u""_s;
        QTest::newRow("sgr") << "\x1b[31mred\x1b[0m!"_ba << u"red!"_s;
        QTest::newRow("carriage return") << "10 %\r20 %"_ba << u"20 %"_s;
        QTest::newRow("shorter overwrite") << "abcdef\rxy"_ba << u"xycdef"_s;
        QTest::newRow("erase after return") << "abcdef\r\x1b[Kxy"_ba << u"xy"_s;
        QTest::newRow("erase all keeps the column") << "abc\x1b[2Kd"_ba << u"   d"_s;
        QTest::newRow("erase before") << "abcdef\x1b[3G\x1b[1K"_ba << u"   def"_s;
        QTest::newRow("column") << "abc\x1b[1Gx"_ba << u"xbc"_s;
        QTest::newRow("crlf") << "abc\r"_ba << u"abc"_s;
        QTest::newRow("backspace") << "ab\bc"_ba << u"ac"_s;
        QTest::newRow("nul") << "a\0b"_ba << u"a\ufffdb"_s;
        QTest::newRow("bell is silent") << "a\ab"_ba << u"ab"_s;
        QTest::newRow("tab stays") << "a\tb"_ba << u"a\tb"_s;
        QTest::newRow("invalid utf-8") << "a\xff\xfe"
                                          "b"_ba
                                       << u"a\ufffd\ufffdb"_s;
        QTest::newRow("invalid utf-8 with sgr") << "\x1b[1ma\xc3"_ba << u"a\ufffd"_s;
        QTest::newRow("beyond the first plane") << "\x1b[1m\xf0\x9f\x9a\x80!"_ba << u"\U0001F680!"_s;
        QTest::newRow("unknown csi") << "a\x1b[?25lb\x1b[12;5Hc"_ba << u"abc"_s;
        QTest::newRow("title") << "\x1b]0;title\ax"_ba << u"x"_s;
        QTest::newRow("link with ST") << "\x1b]8;;http://x\x1b\\x"_ba << u"x"_s;
        QTest::newRow("charset") << "\x1b(Bx"_ba << u"x"_s;
        QTest::newRow("cut sequence") << "x\x1b[31"_ba << u"x"_s;
        QTest::newRow("lone escape") << "x\x1b"_ba << u"x"_s;
    }
    void showsWhatATerminalShows()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, text);
        const AnsiLine drawn = renderAnsiLine(line, {});
        QCOMPARE(drawn.text, text);
        QVERIFY(!drawn.cut);
        qsizetype covered = 0;
        for (const AnsiRun &run : drawn.runs) {
            QCOMPARE(run.start, covered);
            covered += run.length;
        }
        QCOMPARE(covered, drawn.text.size());
    }
    void colourFollowsOverwriting()
    {
        const AnsiLine line = renderAnsiLine("aaaa\r\x1b[32mbb", styled("31"));
        QCOMPARE(line.text, u"bbaa"_s);
        QCOMPARE(line.runs.size(), 2);
        QCOMPARE(line.runs[0].style.foreground.value, 2u);
        QCOMPARE(line.runs[1].style.foreground.value, 1u);
        QCOMPARE(line.cursor, 2);
    }
    void looksAtABoundedPartOfALine()
    {
        const QByteArray line(5'000'000, 'x');
        const AnsiLine drawn = renderAnsiLine(line, {}, 1000);
        QVERIFY(drawn.cut);
        QCOMPARE(drawn.text.size(), 1000);
    }
    void cutsBetweenCharacters()
    {
        const AnsiLine drawn = renderAnsiLine(QByteArray("\xe2\x82\xac").repeated(10), {}, 10);
        QCOMPARE(drawn.text, u"\u20ac\u20ac\u20ac"_s);
    }
    void aLongProgressBarShowsItsEnd()
    {
        QByteArray line = "\x1b[33m";
        for (int percent = 0; percent <= 100; ++percent)
            line += "\r" + QByteArray::number(percent).rightJustified(3) + " % done";
        const AnsiLine drawn = renderAnsiLine(line, {}, 200);
        QCOMPARE(drawn.text, u"100 % done"_s);
        QCOMPARE(drawn.runs[0].style.foreground.value, 3u);
    }
    void advancingFromTheEndEqualsWalking()
    {
        QRandomGenerator random(20);
        for (int round = 0; round < 3000; ++round) {
            const QByteArray log = randomLog(random, random.bounded(1, 40));
            const AnsiStyle start = round % 2 ? styled("1;44") : AnsiStyle{};
            AnsiStyle style = start;
            advanceStyle(log, style);
            QVERIFY2(style == walk(log, start), log.toPercentEncoding().constData());
        }
    }
    void plainTextMapsBackToRawOffsets()
    {
        const QByteArray raw = "\x1b[31mab\x1b[0mc\x1b[K";
        const PlainText plain(raw);
        QCOMPARE(plain.text().toByteArray(), "abc"_ba);
        QCOMPARE(plain.rawOffset(0), 5);
        QCOMPARE(plain.rawOffset(1), 6);
        QCOMPARE(plain.rawOffset(2), 11);
        QCOMPARE(PlainText("none").text().toByteArray(), "none"_ba);
        QCOMPARE(PlainText("none").rawOffset(3), 3);
    }
    void plainTextEqualsWalking()
    {
        QRandomGenerator random(21);
        for (int round = 0; round < 2000; ++round) {
            const QByteArray log = randomLog(random, random.bounded(1, 40));
            QByteArray expected;
            QList<qsizetype> offsets;
            for (qsizetype i = 0; i < log.size();) {
                if (log[i] == ansiEscape) {
                    i += readAnsiSequence(QByteArrayView(log).sliced(i)).length;
                    continue;
                }
                offsets.append(i);
                expected += log[i++];
            }
            const PlainText plain(log);
            QCOMPARE(plain.text().toByteArray(), expected);
            for (qsizetype i = 0; i < expected.size(); ++i)
                QCOMPARE(plain.rawOffset(i), offsets[i]);
        }
    }
};

QTEST_APPLESS_MAIN(TestAnsi)
#include "tst_ansi.moc"
