// SPDX-License-Identifier: GPL-3.0-or-later
// A14: the filter toggle lists the lines with hits, and nothing else; choosing one puts it into the middle of the whole
// log.
#include "tests/gui/checks/logcheck.h"

#include <QAccessible>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA14 : public QObject
{
    Q_OBJECT
    static QByteArray makeLog(int lines)
    {
        QByteArray bytes;
        for (int line = 0; line < lines; ++line)
            bytes += line % 50 == 25 ? "needle and needle in line " + QByteArray::number(line) + '\n' : "hay\n";
        return bytes;
    }
    static QStringList shownIn(LogPickView &view)
    {
        QStringList texts;
        for (const LogSlice &slice : view.slices())
            texts.append(view.textOf(slice.line));
        return texts;
    }

private slots:
    void listsOnlyHitsAndKeepsTheLog()
    {
        LogFixture fixture;
        fixture.openCache(makeLog(20'000));
        fixture.press(Qt::Key_Home);
        QVERIFY(fixture.find({.text = u"needle"_s}));
        auto *toggle = fixture.pane().findBar()->findChild<QToolButton *>(u"filter"_s);
        QVERIFY(toggle && !toggle->isChecked());
        QTest::mouseClick(toggle, Qt::LeftButton);
        LogPickView &matches = *fixture.pane().matchesView();
        QVERIFY(matches.isVisible());
        QVERIFY(matches.slices().size() > 3);
        for (const QString &text : shownIn(matches))
            QVERIFY2(text.startsWith(u"needle"_s), qPrintable(text));
        QTest::keyClick(&matches, Qt::Key_End);
        QCOMPARE(matches.slices().back().row, 20'000 / 50 - 1); // each line once, though it has two hits
        QCOMPARE(fixture.document().lineCount(), int64_t(20'000));
        QVERIFY(fixture.view().isVisible());
        QTest::mouseClick(toggle, Qt::LeftButton);
        QVERIFY(!matches.isVisible());
    }
    void choosingOneCentresTheLog()
    {
        LogFixture fixture;
        fixture.openCache(makeLog(20'000));
        QVERIFY(fixture.find({.text = u"needle"_s}));
        fixture.pane().showMatches(true);
        LogPickView &matches = *fixture.pane().matchesView();
        QTest::keyClick(&matches, Qt::Key_Home);
        QTest::keyClick(&matches, Qt::Key_PageDown);
        QTest::keyClick(&matches, Qt::Key_Down);
        const int64_t line = matches.currentLine();
        QCOMPARE(line % 50, 25);
        QCOMPARE(fixture.view().currentLine(), line);
        const auto &slices = fixture.view().slices();
        const auto place =
            std::find_if(slices.begin(), slices.end(), [&](const LogSlice &s) { return s.line == line; });
        QVERIFY(place != slices.end());
        const auto above = size_t(place - slices.begin());
        QVERIFY2(above > slices.size() / 3 && above < slices.size() * 2 / 3, qPrintable(QString::number(above)));
        // Context: lines without a hit around it.
        QCOMPARE(fixture.view().textOf(line - 1), u"hay"_s);
        QTest::mouseClick(matches.viewport(), Qt::LeftButton, {},
                          {80, matches.rowRect(matches.firstLine()).center().y()});
        QCOMPARE(fixture.view().currentLine(), matches.firstLine());
    }
    void aGrowingLogGrowsTheList()
    {
        LogFixture fixture;
        fixture.openCache(makeLog(1000));
        QVERIFY(fixture.find({.text = u"needle"_s}));
        fixture.pane().showMatches(true);
        fixture.add("needle at last\n");
        LogPickView &matches = *fixture.pane().matchesView();
        QTRY_VERIFY((QTest::keyClick(&matches, Qt::Key_End), matches.currentLine() == 1000));
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(&matches);
        QVERIFY(accessible && accessible->textInterface());
        QVERIFY(
            accessible->textInterface()->text(0, accessible->textInterface()->characterCount()).endsWith(u"at last"_s));
    }
};

QTEST_MAIN(CheckA14)
#include "a14_matches.moc"
