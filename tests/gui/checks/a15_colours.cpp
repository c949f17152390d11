// SPDX-License-Identifier: GPL-3.0-or-later
// A15: what a terminal would show: colours of all kinds carried over lines, overwritten progress bars, unknown
// sequences swallowed, in light and dark; and no escape byte in what is copied.
#include "tests/gui/checks/logcheck.h"

#include <QClipboard>
#include <QMimeData>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(const danube::console::ThemeColors *)

class CheckA15 : public QObject
{
    Q_OBJECT
    LogFixture m_fixture;
    const ThemeColors *m_colors = nullptr;

    void open(const QByteArray &bytes)
    {
        m_fixture.openCache(bytes);
        m_fixture.pane().setColors(*m_colors);
    }
    /// All colours within one character's cell. Full blocks fill theirs, so their colour is there without smoothing.
    QSet<QRgb> colorsAt(int64_t line, qsizetype index)
    {
        const QImage picture = m_fixture.view().viewport()->grab().toImage();
        const QRect cell = m_fixture.view().cellRect({line, index}).adjusted(1, 0, -1, 0);
        QSet<QRgb> colors;
        for (int y = cell.top(); y <= cell.bottom(); ++y) {
            for (int x = cell.left(); x <= cell.right(); ++x)
                colors.insert(picture.pixel(x, y));
        }
        return colors;
    }
    static void themes()
    {
        QTest::addColumn<const ThemeColors *>("colors");
        QTest::newRow("light") << &lightColors();
        QTest::newRow("dark") << &darkColors();
    }
    void init(const ThemeColors *colors) { m_colors = colors; }

private slots:
    void sixteenColours_data() { themes(); }
    void sixteenColours()
    {
        QFETCH(const ThemeColors *, colors);
        init(colors);
        QByteArray log;
        for (int i = 0; i < 16; ++i)
            log += "\x1b[" + QByteArray::number(i < 8 ? 30 + i : 82 + i) + "m\u2588";
        open(log + "\x1b[0m\n");
        for (int i = 0; i < 16; ++i)
            QVERIFY2(colorsAt(0, i).contains(colors->ansi[i].rgb()), qPrintable(QString::number(i)));
        for (const QColor &color : colors->ansi)
            QVERIFY(contrast(color, colors->logBackground) >= 4.5);
    }
    void exactColours_data() { themes(); }
    void exactColours()
    {
        QFETCH(const ThemeColors *, colors);
        init(colors);
        open("\x1b[38;5;208m\u2588\x1b[38;5;244m\u2588\x1b[38;2;12;200;99m\u2588\x1b[38:2::1:2:3m\u2588"
             "\x1b[0;48;2;90;10;20m \x1b[48;5;21m \x1b[0m\n");
        QVERIFY(colorsAt(0, 0).contains(qRgb(0xff, 0x87, 0x00)));
        QVERIFY(colorsAt(0, 1).contains(qRgb(0x80, 0x80, 0x80)));
        QVERIFY(colorsAt(0, 2).contains(qRgb(12, 200, 99)));
        QVERIFY(colorsAt(0, 3).contains(qRgb(1, 2, 3)));
        QCOMPARE(colorsAt(0, 4), QSet<QRgb>{qRgb(90, 10, 20)});
        QCOMPARE(colorsAt(0, 5), QSet<QRgb>{qRgb(0, 0, 0xff)});
    }
    void aThousandLinesLater_data() { themes(); }
    void aThousandLinesLater()
    {
        QFETCH(const ThemeColors *, colors);
        init(colors);
        open("\x1b[35m" + LogFixture::lines(1000) + "\u2588\n\x1b[0m\u2588\n");
        m_fixture.press(Qt::Key_End);
        QVERIFY(colorsAt(1000, 0).contains(colors->ansi[5].rgb()));
        QVERIFY(colorsAt(1001, 0).contains(colors->logText.rgb()));
        m_fixture.press(Qt::Key_W); // wrapping changes no colour
        QVERIFY(colorsAt(1000, 0).contains(colors->ansi[5].rgb()));
    }
    // Steps that run at once print between each other's lines; an open colour is its own step's.
    void eachStepHasItsOwnState_data() { themes(); }
    void eachStepHasItsOwnState()
    {
        QFETCH(const ThemeColors *, colors);
        init(colors);
        open({});
        m_fixture.add("\x1b[31m\u2588\n", {0, WallTime(milliseconds(1000)), {1, LogStream::Stdout}});
        m_fixture.add("\u2588\n", {0, WallTime(milliseconds(2000)), {2, LogStream::Stdout}});
        m_fixture.add("\u2588\n", {0, WallTime(milliseconds(3000)), {1, LogStream::Stdout}});
        QVERIFY(colorsAt(0, 0).contains(colors->ansi[1].rgb()));
        QVERIFY(colorsAt(1, 0).contains(colors->logText.rgb()));
        QVERIFY(colorsAt(2, 0).contains(colors->ansi[1].rgb()));
    }
    void whatIsShownAndCopied_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("text");
        QTest::newRow("progress bar") << QByteArray("10 %\r55 %\r100 %\n") << u"100 %"_s;
        QTest::newRow("shorter over longer") << QByteArray("abcdef\rxy\n") << u"xycdef"_s;
        QTest::newRow("erased to the end") << QByteArray("abcdef\rxy\x1b[K\n") << u"xy"_s;
        QTest::newRow("erased whole") << QByteArray("abcdef\x1b[2K\rdone\n") << u"done"_s;
        QTest::newRow("unknown CSI") << QByteArray("a\x1b[?25l\x1b[12;3Hb\x1b[9999zc\n") << u"abc"_s;
        QTest::newRow("title and link") << QByteArray("\x1b]0;title\x07x\x1b]8;;http://e.org\x1b\\y\x1b]8;;\x1b\\\n")
                                        << u"xy"_s;
        QTest::newRow("cut sequence") << QByteArray("end\x1b[38;2\n") << u"end"_s;
        QTest::newRow("colours") << QByteArray("\x1b[1;31mred\x1b[0m and \x1b[44mblue\x1b[m\n") << u"red and blue"_s;
    }
    void whatIsShownAndCopied()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const QString, text);
        init(&lightColors());
        open(log);
        QCOMPARE(m_fixture.view().textOf(0), text);
        m_fixture.press(Qt::Key_A, Qt::ControlModifier);
        m_fixture.press(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
        m_fixture.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
        QVERIFY(!QGuiApplication::clipboard()->mimeData()->html().contains(QChar(0x1b)));
    }
    void copyingWithColoursKeepsThem()
    {
        init(&lightColors());
        open("plain \x1b[31mred\x1b[0m <b>\n");
        m_fixture.press(Qt::Key_A, Qt::ControlModifier);
        m_fixture.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        const QString html = QGuiApplication::clipboard()->mimeData()->html();
        QVERIFY2(html.contains(lightColors().ansi[1].name()) && html.contains(u">red</span>"_s), qPrintable(html));
        QVERIFY(html.contains(u"&lt;b&gt;"_s));
    }
};

QTEST_MAIN(CheckA15)
#include "a15_colours.moc"
