// SPDX-License-Identifier: GPL-3.0-or-later
// A12: one line up while following: the place stays however much comes, the counter says how much, End resumes.
#include "tests/gui/checks/logcheck.h"

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA12 : public QObject
{
    Q_OBJECT
private slots:
    void ways_data()
    {
        QTest::addColumn<int>("way");
        QTest::newRow("arrow key") << 0;
        QTest::newRow("wheel") << 1;
        QTest::newRow("scroll bar") << 2;
        QTest::newRow("wrapped") << 3;
    }
    void ways()
    {
        QFETCH(const int, way);
        LogFixture fixture;
        fixture.openCache(LogFixture::lines(2000));
        LogView &view = fixture.view();
        if (way == 3)
            fixture.press(Qt::Key_W);
        QCOMPARE(view.isWrapping(), way == 3);
        QCOMPARE(view.follow(), LogView::Follow::Following);
        if (way == 1) {
            QWheelEvent wheel({50, 50}, view.viewport()->mapToGlobal(QPointF(50, 50)), {}, {0, 120}, Qt::NoButton, {},
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(view.viewport(), &wheel);
        } else if (way == 2) {
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 1);
        } else {
            fixture.press(Qt::Key_Up);
        }
        QCOMPARE(view.follow(), LogView::Follow::Paused);
        const int64_t below = view.linesBelow();
        QVERIFY(below >= 1 && below <= 3);
        const int64_t top = view.firstLine();
        int added = 0;
        QElapsedTimer time;
        for (time.start(); time.elapsed() < 5000; added += 100) {
            fixture.add(LogFixture::lines(100, 2001 + added));
            QCOMPARE(view.firstLine(), top);
            QTest::qWait(20);
        }
        QCOMPARE(view.linesBelow(), below + added);
        const QString words = u"+ %1 lines below"_s.arg(QLocale().toString(below + added));
        QVERIFY2(fixture.pane().followButton()->text().contains(words),
                 qPrintable(fixture.pane().followButton()->text()));
        QVERIFY(fixture.pane().followButton()->accessibleName().contains(words));

        fixture.press(Qt::Key_End);
        QCOMPARE(view.follow(), LogView::Follow::Following);
        QCOMPARE(view.linesBelow(), int64_t(0));
        fixture.add(LogFixture::lines(50));
        QCOMPARE(view.linesBelow(), int64_t(0));
    }
    void theButtonAndTheKeyResumeToo()
    {
        LogFixture fixture;
        fixture.openCache(LogFixture::lines(2000));
        fixture.press(Qt::Key_Up);
        QTest::mouseClick(fixture.pane().followButton(), Qt::LeftButton);
        QCOMPARE(fixture.view().follow(), LogView::Follow::Following);
        fixture.press(Qt::Key_PageUp);
        fixture.press(Qt::Key_F);
        QCOMPARE(fixture.view().follow(), LogView::Follow::Following);
        fixture.document().finish();
        QCOMPARE(fixture.pane().followButton()->text(), u"Ended"_s);
    }
};

QTEST_MAIN(CheckA12)
#include "a12_pause.moc"
