// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/consolestyle.h"
#include "console/app/logview.h"

#include <QAccessible>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(const danube::console::ThemeColors *)

class TestLogView : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_count = 0;
    std::unique_ptr<LogDocument> m_document;
    std::unique_ptr<LogView> m_view;

    void open(const QByteArray &bytes, const ThemeColors &colors = lightColors())
    {
        m_view.reset();
        m_document =
            std::make_unique<LogDocument>(LogStore::openCache(m_folder.filePath(u"%1.log"_s.arg(++m_count))).value());
        m_view = std::make_unique<LogView>();
        m_view->setColors(colors);
        m_view->resize(900, 400);
        m_view->setDocument(m_document.get());
        m_view->show();
        add(bytes);
    }
    void add(const QByteArray &bytes)
    {
        const int64_t before = m_document->bytes();
        m_document->append(bytes, {0, WallTime(milliseconds(++m_count * 1000)), {1, LogStream::Stdout}});
        QTRY_COMPARE(m_document->bytes(), before + bytes.size());
    }
    static QByteArray lines(int count, int from = 1)
    {
        QByteArray bytes;
        for (int i = from; i < from + count; ++i)
            bytes += "line " + QByteArray::number(i) + '\n';
        return bytes;
    }
    /// All colours within one character's cell.
    QSet<QRgb> colorsAt(int64_t line, qsizetype index)
    {
        const QImage picture = m_view->viewport()->grab().toImage();
        const QRect cell = m_view->cellRect({line, index}).adjusted(1, 0, -1, 0);
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

private slots:
    void initTestCase() { installLook(); }
    void cleanup()
    {
        m_view.reset();
        m_document.reset();
    }

    void drawsTheColoursAskedFor_data() { themes(); }
    void drawsTheColoursAskedFor()
    {
        QFETCH(const ThemeColors *, colors);
        // Full blocks fill their cell, so the colour of the text is there without smoothing.
        open("\x1b[31m\u2588\x1b[0m\u2588\x1b[38;5;208m\u2588\x1b[38;2;1;2;3m\u2588\x1b[0;44m \x1b[7m "
             "\x1b[0m.\n\x1b[92m\nafter\n\u2588\n",
             *colors);
        QVERIFY(colorsAt(0, 0).contains(colors->ansi[1].rgb()));
        QVERIFY(colorsAt(0, 1).contains(colors->logText.rgb()));
        QVERIFY(colorsAt(0, 2).contains(qRgb(0xff, 0x87, 0x00)));
        QVERIFY(colorsAt(0, 3).contains(qRgb(1, 2, 3)));
        QCOMPARE(colorsAt(0, 4), QSet<QRgb>{qRgb(0, 0, 0xee)});
        QVERIFY(!colorsAt(0, 5).contains(qRgb(0, 0, 0xee)));
        QVERIFY(colorsAt(3, 0).contains(colors->ansi[10].rgb())); // carried over lines
        QVERIFY(colorsAt(0, 1).contains(colors->logBackground.rgb()) ||
                colorsAt(0, 6).contains(colors->logBackground.rgb()));
    }
    void carriesColourOverAThousandLines()
    {
        open("\x1b[35m" + lines(1000) + "\u2588\n");
        QVERIFY(colorsAt(1000, 0).contains(lightColors().ansi[5].rgb()));
    }
    void marksMatchesAndTheHit()
    {
        open("find me, and me\n");
        m_view->setPattern(LogPattern::compile({.text = u"me"_s}).value());
        QVERIFY(colorsAt(0, 5).contains(lightColors().match.rgb()));
        QVERIFY(colorsAt(0, 13).contains(lightColors().match.rgb()));
        QVERIFY(!colorsAt(0, 8).contains(lightColors().match.rgb()));
        m_view->showHit({13, 15});
        QVERIFY(colorsAt(0, 13).contains(lightColors().currentMatch.rgb()));
        QVERIFY(!colorsAt(0, 5).contains(lightColors().currentMatch.rgb()));
    }
    void isTheSameInARightToLeftInterface()
    {
        open("error: a (b)!\n  at main.cpp:3 <- \"x\"\n");
        const QImage before = m_view->viewport()->grab().toImage();
        const auto back = qScopeGuard([] { QGuiApplication::setLayoutDirection(Qt::LeftToRight); });
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        QCOMPARE(m_view->viewport()->grab().toImage(), before);
    }

    void followsUntilOneScrollsUp()
    {
        open(lines(1000));
        QCOMPARE(m_view->follow(), LogView::Follow::Following);
        QCOMPARE(m_view->linesBelow(), 0);
        add(lines(100, 1001));
        QCOMPARE(m_view->linesBelow(), 0);
        QTest::keyClick(m_view.get(), Qt::Key_Up);
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
        const int64_t top = m_view->firstLine();
        for (int i = 0; i < 5; ++i)
            add(lines(50));
        QCOMPARE(m_view->firstLine(), top);
        QCOMPARE(m_view->linesBelow(), 251);
        QTest::keyClick(m_view.get(), Qt::Key_End);
        QCOMPARE(m_view->follow(), LogView::Follow::Following);
        QCOMPARE(m_view->linesBelow(), 0);
    }
    void scrollingDownToTheEndByHandDoesNotFollow()
    {
        open(lines(200));
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
        QTest::keyClick(m_view.get(), Qt::Key_PageDown);
        QCOMPARE(m_view->linesBelow(), 0);
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
    }
    void draggingTheBarUpPauses()
    {
        open(lines(1000));
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->value() - 10);
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
    }
    void selectingAndFindingPause()
    {
        open(lines(1000));
        m_view->select({995, 0}, {995, 4});
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
        m_view->followEnd();
        m_view->showHit({0, 4});
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
        QCOMPARE(m_view->firstLine(), 0);
    }
    void aVisibleHitDoesNotScroll()
    {
        open(lines(1000));
        const int64_t top = m_view->firstLine();
        m_view->showHit({m_document->line(top + 3).offset, m_document->line(top + 3).offset + 4});
        QCOMPARE(m_view->firstLine(), top);
    }
    void saysThatItEnded()
    {
        open(lines(1000));
        QSignalSpy changed(m_view.get(), &LogView::followChanged);
        m_document->finish();
        QCOMPARE(m_view->follow(), LogView::Follow::Ended);
        QCOMPARE(changed.size(), 1);
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        QCOMPARE(m_view->follow(), LogView::Follow::Paused);
    }
    void aNewLogFollowsAgainAndForgetsPlaces()
    {
        open(lines(1000));
        m_view->select({990, 0}, {991, 2});
        m_view->followEnd();
        m_document->restart(2);
        QCOMPARE(m_view->firstLine(), 0);
        QVERIFY(!m_view->hasSelection());
        add(lines(500));
        QCOMPARE(m_view->linesBelow(), 0);
    }

    void copiesWhatIsShown()
    {
        open("\x1b[31mred\x1b[0m one\n10 %\r20 %\nthree\n");
        m_view->select({0, 1}, {2, 2});
        QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier); // no action here: nothing happens
        m_view->copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"ed one\n20 %\nth"_s);
        m_view->selectAll();
        QCOMPARE(m_view->selectedText().value(), u"red one\n20 %\nthree"_s);
        QVERIFY(!m_view->selectedText(5));
    }
    void copiesOnlyWhatDoesNotStopTheWindow()
    {
        open(QByteArray("some text of a line\n").repeated(300'000)); // 6 MB
        QSignalSpy refused(m_view.get(), &LogView::copyRefused);
        m_view->select({0, 0}, {150'000, 0});
        m_view->copy();
        QCOMPARE(refused.size(), 0);
        QCOMPARE(QGuiApplication::clipboard()->text().size(), 3'000'000);
        m_view->selectAll();
        m_view->copy();
        m_view->copyWithColours();
        QCOMPARE(refused.size(), 2);
        for (const QList<QVariant> &why : refused)
            QVERIFY2(why[0].toString().contains(u"Save selected lines"_s), qPrintable(why[0].toString()));
        QCOMPARE(QGuiApplication::clipboard()->text().size(), 3'000'000);
    }
    void selectsByMouse()
    {
        open("first line\nsecond line\n");
        const auto at = [&](int64_t line, qsizetype index) {
            return m_view->cellRect({line, index}).center() - QPoint(3, 0);
        };
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, at(0, 6));
        QTest::mouseMove(m_view->viewport(), at(1, 6));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, at(1, 6));
        QCOMPARE(m_view->selectedText().value(), u"line\nsecond"_s);
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at(1, 2));
        QCOMPARE(m_view->selectedText().value(), u"second"_s);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {5, m_view->rowRect(0).center().y()});
        QCOMPARE(m_view->selectedText().value(), u"first line\n"_s);
    }
    void putsTabsAndWideCharactersOnTheGrid()
    {
        open("a\tb\n\u65e5\u672cx\ne\u0301x\n");
        const auto cell = [&](int64_t line, qsizetype index) {
            return m_view->cellRect({line, index}).left() - m_view->cellRect({line, 0}).left();
        };
        const double width = double(cell(0, 2)) / 8;
        QVERIFY(qAbs(cell(1, 2) - 4 * width) <= 1);
        QVERIFY(qAbs(cell(2, 2) - width) <= 1);
    }

    void opensAHundredMegabytes()
    {
        const QString path = m_folder.filePath(u"huge.log"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QByteArray block;
        for (int i = 0; i < 10'000; ++i)
            block += "\x1b[32m2026-01-31T12:00:00\x1b[0m step 3: some text that makes the line about one hundred bytes "
                     "long, no more\n";
        for (int i = 0; i < 100; ++i)
            file.write(block);
        file.close();
        LogDocument document(LogStore::openFile(path).value());
        LogView view;
        view.resize(900, 400);
        view.setDocument(&document);
        view.show();
        QTRY_COMPARE_WITH_TIMEOUT(document.lineCount(), 1'000'000, 30'000);
        QCOMPARE(view.linesBelow(), 0);
        QVERIFY(!view.viewport()->grab().isNull());
        view.showLine(500'000);
        QVERIFY(view.textOf(500'000).startsWith(u"2026-01-31T12:00:00 step 3"_s));
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(view.firstLine() + view.visibleLines(), 1'000'000);
    }
    void survivesMonsters()
    {
        open(QByteArray(5'000'000, 'x') + '\n' + QByteArray("a\0b\n", 4) + "bad \xff\xfe\xc3\n" + "crlf\r\n" + '\n');
        QCOMPARE(m_document->lineCount(), 5);
        QVERIFY(!m_view->viewport()->grab().isNull());
        m_view->horizontalScrollBar()->setValue(m_view->horizontalScrollBar()->maximum());
        QVERIFY(!m_view->viewport()->grab().isNull());
        QCOMPARE(m_view->textOf(3), u"crlf"_s);
        QCOMPARE(m_view->textOf(0).size(), 64 * 1024);
        m_view->select({0, 0}, {1, 0});
        QCOMPARE(m_view->selectedText(8 * 1024 * 1024)->size(), 5'000'001);
    }
    void theBarReachesBothEndsOfALogOfAnyLength()
    {
        open(lines(3000));
        m_view->verticalScrollBar()->setValue(0);
        QCOMPARE(m_view->firstLine(), 0);
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum());
        QCOMPARE(m_view->linesBelow(), 0);
    }

    void readersGetTheVisibleLines()
    {
        open(lines(1000));
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(m_view.get());
        QVERIFY(accessible && accessible->textInterface());
        QAccessibleTextInterface *text = accessible->textInterface();
        const QString all = text->text(0, text->characterCount());
        QVERIFY2(all.startsWith(u"line %1\n"_s.arg(m_view->firstLine() + 1)), qPrintable(all.first(20)));
        QVERIFY(all.endsWith(u"line 1000"_s));
        m_view->select({m_view->firstLine() + 1, 0}, {m_view->firstLine() + 1, 4});
        int begin = 0;
        int end = 0;
        text->selection(0, &begin, &end);
        QCOMPARE(all.sliced(begin, end - begin), u"line"_s);
        const QRect rect = text->characterRect(begin);
        QCOMPARE(text->offsetAtPoint(rect.center() - QPoint(3, 0)), begin);
        QVERIFY(!accessible->text(QAccessible::Name).isEmpty());
    }
};

QTEST_MAIN(TestLogView)
#include "tst_logview.moc"
