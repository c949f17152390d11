// SPDX-License-Identifier: GPL-3.0-or-later
// A12: one line up while following: the place stays however much comes, the counter says how much, End resumes.
#include "tests/gui/checks/logcheck.h"

#include <functional>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

/// Somebody who reads while more comes, and how they left the end of the log.
struct Reader
{
    const char *way;
    std::function<void(LogFixture &)> leave;
    std::unique_ptr<LogFixture> log = std::make_unique<LogFixture>();
    int64_t top = 0;
    int64_t below = 0;
};

void turnWheel(LogFixture &log)
{
    LogView &view = log.view();
    QWheelEvent wheel({50, 50}, view.viewport()->mapToGlobal(QPointF(50, 50)), {}, {0, 120}, Qt::NoButton, {},
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &wheel);
}

} // namespace

class CheckA12 : public QObject
{
    Q_OBJECT
private slots:
    // All of them in the same five seconds.
    void thePlaceStaysHoweverMuchComes()
    {
        std::vector<Reader> readers;
        readers.push_back({"arrow key", [](LogFixture &log) { log.press(Qt::Key_Up); }});
        readers.push_back({"wheel", turnWheel});
        readers.push_back({"scroll bar", [](LogFixture &log) {
                               QScrollBar *bar = log.view().verticalScrollBar();
                               bar->setValue(bar->value() - 1);
                           }});
        readers.push_back({"wrapped", [](LogFixture &log) {
                               log.press(Qt::Key_W);
                               QVERIFY(log.view().isWrapping());
                               log.press(Qt::Key_Up);
                           }});
        for (Reader &reader : readers) {
            reader.log->openCache(LogFixture::lines(2000));
            LogView &view = reader.log->view();
            QVERIFY2(view.follow() == LogView::Follow::Following, reader.way);
            reader.leave(*reader.log);
            QVERIFY2(view.follow() == LogView::Follow::Paused, reader.way);
            reader.below = view.linesBelow();
            QVERIFY2(reader.below >= 1 && reader.below <= 3, reader.way);
            reader.top = view.firstLine();
        }
        int added = 0;
        QElapsedTimer time;
        for (time.start(); time.elapsed() < 5000; added += 500) {
            const QByteArray more = LogFixture::lines(500, 2001 + added);
            for (Reader &reader : readers)
                reader.log->document().append(more, {});
            QTest::qWait(50);
            for (const Reader &reader : readers)
                QVERIFY2(reader.log->view().firstLine() == reader.top, reader.way);
        }
        for (Reader &reader : readers)
            judge(*reader.log, reader.below + added, reader.way);
    }

private:
    static void judge(LogFixture &log, int64_t below, const char *way)
    {
        LogView &view = log.view();
        QTRY_VERIFY2_WITH_TIMEOUT(view.linesBelow() == below, way, 60'000);
        const QString words = u"+ %1 lines below"_s.arg(QLocale().toString(qlonglong(below)));
        QVERIFY2(log.pane().followButton()->text().contains(words), qPrintable(log.pane().followButton()->text()));
        QVERIFY2(log.pane().followButton()->accessibleName().contains(words), way);
        log.press(Qt::Key_End);
        QVERIFY2(view.follow() == LogView::Follow::Following, way);
        QVERIFY2(view.linesBelow() == 0, way);
        log.add(LogFixture::lines(50));
        QVERIFY2(view.linesBelow() == 0, way);
    }

private slots:
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
