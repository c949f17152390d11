// SPDX-License-Identifier: GPL-3.0-or-later
// A35: on every page and in every dialog, what takes the keyboard has a name for a screen reader; the log view gives it
// the lines that are on the screen.
#include "console/app/bottomtabs.h"
#include "console/app/findbar.h"
#include "console/app/logpane.h"
#include "console/app/logpickview.h"
#include "tests/gui/walk/looks.h"
#include "tests/gui/walk/walksample.h"

#include <QAccessible>
#include <QScrollBar>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A35 : public QObject
{
    Q_OBJECT

    static QStringList visibleLines(const LogView &view)
    {
        QStringList lines;
        const auto &slices = view.slices();
        for (size_t i = 0; i < std::min(slices.size(), size_t(view.visibleLines())); ++i)
            lines.append(view.textOf(slices[i].line));
        return lines;
    }

private slots:
    void everythingHasAName()
    {
        QStringList findings;
        const auto look = [&findings](const QString &name, QWidget &shown) {
            for (const QString &finding : nameless(shown))
                findings.append(u"%1: %2"_s.arg(name, finding));
        };
        WalkSample sample;
        sample.window->show();
        look(u"welcome"_s, *sample.window);
        sample.connectAll();
        Walk walk(sample.scene());
        walk.pages(look);
        walk.dialogs(look);
        QVERIFY2(walk.problems().isEmpty(), qPrintable(walk.problems().join(u'\n')));
        QVERIFY(walk.names().size() > 40);
        const QStringList classes = Walk::classesInSource();
        QVERIFY(classes.size() > 8);
        for (const QString &dialog : classes)
            QVERIFY2(walk.dialogClasses().contains(dialog), qPrintable(dialog + u" is opened by no walk"_s));
        QVERIFY(report(findings));
    }
    void theLogViewGivesItsVisibleLines()
    {
        WalkSample sample;
        sample.connectAll();
        sample.window->resize(1024, 700);
        sample.window->openJob(*sample.session, JobId(u"job000003"_s));
        LogView *view = sample.window->logPane()->view();
        QTRY_COMPARE(view->document()->lineCount(), 400);
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(view);
        QVERIFY(accessible && accessible->textInterface());
        QAccessibleTextInterface &text = *accessible->textInterface();
        for (const int64_t first : {0, 137, 399}) {
            view->showLine(first);
            QTest::qWait(50); // the view lays out its rows when it is painted
            const QStringList lines = visibleLines(*view);
            QVERIFY(lines.size() > 10 && lines.size() < 100);
            const QString all = lines.join(u'\n');
            QCOMPARE(text.characterCount(), all.size());
            QCOMPARE(text.text(0, text.characterCount()), all);
            QVERIFY(!all.contains(QChar(0x1b))); // as shown, not as sent
        }
        const QString last = view->textOf(399);
        QVERIFY(text.text(0, text.characterCount()).endsWith(last));
        // A reader goes to a place on the screen and back.
        const int offset = text.characterCount() - int(last.size()) + 2;
        const QRect cell = text.characterRect(offset);
        QVERIFY(view->viewport()->rect().contains(view->viewport()->mapFromGlobal(cell.center())));
        QCOMPARE(text.offsetAtPoint(cell.center()), offset);
        text.setCursorPosition(offset);
        QCOMPARE(view->currentLine(), 399);
        text.addSelection(offset, offset + 3);
        QVERIFY(view->hasSelection());
        QCOMPARE(text.selectionCount(), 1);
    }
    void soDoTheListsOfMatchesAndMarks()
    {
        WalkSample sample;
        sample.connectAll();
        sample.window->openJob(*sample.session, JobId(u"job000003"_s));
        LogPane *pane = sample.window->logPane();
        QTRY_COMPARE(pane->view()->document()->lineCount(), 400);
        pane->openFind();
        pane->findBar()->setQuery({.text = u"line 39"_s});
        pane->showMatches(true);
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(pane->matchesView());
        QVERIFY(accessible && accessible->textInterface());
        QVERIFY(!accessible->text(QAccessible::Name).isEmpty());
        const auto shown = [&] {
            const QAccessibleTextInterface &text = *accessible->textInterface();
            return text.text(0, text.characterCount());
        };
        QTRY_COMPARE(shown().count(u"line 39"_s), 11); // 39 and 390 to 399
    }
};

QTEST_MAIN(A35)
#include "a35_names.moc"
