// SPDX-License-Identifier: GPL-3.0-or-later
// Folds, marks, times, wrapping, the overview and going to places, as keys and pointer do them.
#include "console/app/overviewstrip.h"
#include "console/models/steplistmodel.h"
#include "tests/gui/checks/logcheck.h"
#include "tests/support/fakeclock.h"

#include <QAccessible>
#include <QFileDialog>
#include <QTabBar>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestLogTools : public QObject
{
    Q_OBJECT
    LogFixture m_fixture;
    FakeClock m_clock;

    /// Three steps: 1 succeeded with 300 lines, 2 failed with 50, 3 succeeded with 300.
    void openSteps()
    {
        m_fixture.openCache({});
        const WallTime start(milliseconds(1'750'000'000'000));
        for (uint32_t step = 1; step <= 3; ++step)
            m_fixture.add(LogFixture::lines(step == 2 ? 50 : 300),
                          {0, start + seconds(60 * step), {step, LogStream::Stdout}});
        m_fixture.pane().setStart(start);
    }
    static Step stepWith(uint32_t number, int exitCode)
    {
        Step step;
        step.number = StepNumber(number);
        step.name = u"make"_s;
        step.state = StepState::Finished;
        step.outcome = StepOutcome{OutcomeKind::Exited, exitCode, 0, seconds(1), {}};
        return step;
    }
    int64_t lastRow()
    {
        m_fixture.press(Qt::Key_End);
        return m_fixture.view().slices().back().row;
    }

private slots:
    void aStepIsFoldedByItsKeyAndUnfoldedByAClick()
    {
        openSteps();
        m_fixture.press(Qt::Key_Home);
        m_fixture.press(Qt::Key_Z);
        QCOMPARE(m_fixture.view().slices().at(1).line, 300); // right below the heading
        QCOMPARE(lastRow(), 350);
        m_fixture.press(Qt::Key_Home);
        QTest::mouseClick(m_fixture.view().viewport(), Qt::LeftButton, {}, m_fixture.view().rowRect(0).center());
        QCOMPARE(lastRow(), 649);
    }
    void allButFailedAreFolded()
    {
        openSteps();
        StepListModel steps(m_clock);
        steps.replaceAll({stepWith(1, 0), stepWith(2, 3), stepWith(3, 0)});
        m_fixture.pane().setSteps(&steps);
        m_fixture.press(Qt::Key_Z, Qt::ShiftModifier);
        QCOMPARE(lastRow(), 51);
        QCOMPARE(m_fixture.pane().folds()->folded(), (std::set<uint32_t>{1, 3}));
        m_fixture.press(Qt::Key_U);
        QCOMPARE(lastRow(), 649);
        m_fixture.pane().setSteps(nullptr);
        QSignalSpy told(&m_fixture.pane(), &LogPane::told);
        m_fixture.press(Qt::Key_Z, Qt::ShiftModifier);
        QCOMPARE(told.size(), 1);
    }
    void whatIsFoundInAFoldIsUnfolded()
    {
        openSteps();
        m_fixture.press(Qt::Key_Home);
        m_fixture.press(Qt::Key_Z);
        QVERIFY(m_fixture.find({.text = u"line 250"_s}));
        QCOMPARE(m_fixture.hitLine(), 249);
        QVERIFY(m_fixture.view().isLineVisible(249));
        QVERIFY(m_fixture.pane().folds()->isEmpty());
    }
    void goesToLinesAndTimes_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<int>("line");
        QTest::newRow("line") << u"500"_s << 499;
        QTest::newRow("beyond the end") << u"99999"_s << 649;
        QTest::newRow("since the start") << u"+2m"_s << 300;
        QTest::newRow("no place") << u"nowhere"_s << -1;
        QTest::newRow("after the end") << u"+9h"_s << -1;
    }
    void goesToLinesAndTimes()
    {
        QFETCH(const QString, place);
        QFETCH(const int, line);
        openSteps();
        QSignalSpy told(&m_fixture.pane(), &LogPane::told);
        QCOMPARE(m_fixture.pane().goTo(place), line >= 0);
        QCOMPARE(m_fixture.view().currentLine(), int64_t(line));
        QCOMPARE(told.size(), line >= 0 ? 0 : 1);
    }
    void timesTakeTheirRoomInTheGutter()
    {
        openSteps();
        const auto left = [&] { return m_fixture.view().cellRect({m_fixture.view().firstLine(), 0}).left(); };
        const int without = left();
        m_fixture.press(Qt::Key_T);
        QCOMPARE(m_fixture.view().times(), LogTimes::Absolute);
        QVERIFY(left() > without);
        m_fixture.press(Qt::Key_T);
        m_fixture.press(Qt::Key_T);
        QCOMPARE(m_fixture.view().times(), LogTimes::Delta);
        m_fixture.press(Qt::Key_T);
        QCOMPARE(left(), without);
    }
    void wrappedLinesKeepTheirPlaces()
    {
        QByteArray log;
        for (int i = 0; i < 200; ++i)
            log += QByteArray(i % 3 == 0 ? 1000 : 10, char('a' + i % 26)) + '\n';
        m_fixture.openCache(log);
        m_fixture.press(Qt::Key_W);
        LogView &view = m_fixture.view();
        QCOMPARE(view.linesBelow(), 0);
        QVERIFY(view.isLineVisible(199));
        m_fixture.press(Qt::Key_Home);
        QVERIFY(view.slices().at(1).line == 0 && !view.slices().at(1).isFirst());
        // From each part of the first line: place to point and back.
        for (const LogSlice &slice : view.slices()) {
            const LogPlace place{slice.line, slice.begin + 3};
            QCOMPARE(view.placeAt(view.cellRect(place).center() - QPoint(3, 0)), place);
        }
        // Down and up again ends where it began.
        for (int i = 0; i < 50; ++i)
            m_fixture.press(Qt::Key_Down);
        for (int i = 0; i < 50; ++i)
            m_fixture.press(Qt::Key_Up);
        QCOMPARE(view.firstLine(), 0);
        QVERIFY(view.slices().front().isFirst());
        view.showHit({900, 905});
        const auto &slices = view.slices();
        QVERIFY(std::ranges::any_of(slices, [](const LogSlice &slice) { return slice.holds({0, 900}); }));
        m_fixture.press(Qt::Key_W);
        QCOMPARE(view.slices().at(1).line, view.slices().at(0).line + 1);
    }
    void aSelectionThatIsGoneIsNotSaved()
    {
        m_fixture.openCache(LogFixture::lines(100));
        m_fixture.view().selectAll();
        m_fixture.pane().saveSelection();
        auto *chooser = m_fixture.pane().findChild<QFileDialog *>();
        QVERIFY(chooser);
        m_fixture.document().restart(2); // while the question is open
        m_fixture.add("other\n");
        QSignalSpy told(&m_fixture.pane(), &LogPane::told);
        emit chooser->fileSelected(m_fixture.path(u"saved"_s));
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][0].toString(), u"Nothing is selected."_s);
        QVERIFY(!QFile::exists(m_fixture.path(u"saved"_s)));
    }
    void theTabOfMarksCountsThem()
    {
        m_fixture.openCache(LogFixture::lines(100));
        const auto title = [this] { return m_fixture.pane().bottom()->findChild<QTabBar *>()->tabText(1); };
        QCOMPARE(title(), u"Marks"_s);
        m_fixture.pane().toggleMark();
        QCOMPARE(title(), u"Marks (1)"_s);
        m_fixture.pane().toggleMark();
        QCOMPARE(title(), u"Marks"_s);
    }
    void theOverviewShowsAndGoes()
    {
        QByteArray log;
        for (int i = 0; i < 3000; ++i)
            log += i == 1500 ? "error: in the middle\n" : i == 2250 ? "needle\n" : "nothing\n";
        m_fixture.openCache(log);
        m_fixture.press(Qt::Key_Home);
        OverviewStrip &strip = *m_fixture.pane().overview();
        const auto hasColor = [&](int line, const QColor &color) {
            const QImage picture = strip.grab().toImage();
            for (int y = strip.yOf(line) - 3; y <= strip.yOf(line) + 4; ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    if (picture.rect().contains(x, y) && picture.pixel(x, y) == color.rgb())
                        return true;
                }
            }
            return false;
        };
        QTRY_VERIFY(hasColor(1500, lightColors().failure));
        QVERIFY(!hasColor(2250, lightColors().currentMatch));
        QVERIFY(m_fixture.find({.text = u"needle"_s}));
        QTRY_VERIFY(hasColor(2250, lightColors().currentMatch));
        QVERIFY(!hasColor(700, lightColors().failure));
        m_fixture.view().showLine(700);
        m_fixture.pane().toggleMark();
        QTRY_VERIFY(hasColor(700, lightColors().accent));
        QTest::mouseClick(&strip, Qt::LeftButton, {}, {5, strip.yOf(1500)});
        QVERIFY(m_fixture.view().isLineVisible(1500));
    }
    void readersAreToldTheCurrentLine()
    {
        openSteps();
        m_fixture.press(Qt::Key_Home);
        QTest::mouseClick(m_fixture.view().viewport(), Qt::LeftButton, {}, m_fixture.view().rowRect(3).center());
        QAccessibleTextInterface *text = QAccessible::queryAccessibleInterface(&m_fixture.view())->textInterface();
        int begin = 0;
        int end = 0;
        QCOMPARE(text->textAtOffset(text->cursorPosition(), QAccessible::LineBoundary, &begin, &end).trimmed(),
                 u"line 4"_s);
    }
};

QTEST_MAIN(TestLogTools)
#include "tst_logtools.moc"
