// SPDX-License-Identifier: GPL-3.0-or-later
// A11: 50 000 lines a second for ten seconds: the window stays alive, the last line is seen, none is missing.
#include "tests/gui/checks/logcheck.h"

#include <thread>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int perSecond = 50'000;
constexpr int duration = 10; // seconds
constexpr int perTick = 1000;
constexpr double longestGap = 100; // milliseconds

} // namespace

class CheckA11 : public QObject
{
    Q_OBJECT
private slots:
    void fiftyThousandLinesASecond()
    {
        LogFixture fixture;
        fixture.openCache("start\n");
        QCOMPARE(fixture.view().follow(), LogView::Follow::Following);
        LoopWatch watch;
        int sent = 0;
        QElapsedTimer time;
        time.start();
        QTimer producer;
        // As the event stream does it: many lines with each read, at the rate of the clock, not of the timer.
        connect(&producer, &QTimer::timeout, this, [&] {
            const qint64 due = std::min<qint64>(qint64(perSecond) * duration, time.elapsed() * perSecond / 1000);
            for (int i = 0; i < perTick && sent < due; ++i, ++sent)
                fixture.document().append("\x1b[32m" + QByteArray::number(sent) +
                                              "\x1b[0m a line of output, about one hundred bytes long .............\n",
                                          {0, WallTime(milliseconds(sent)), {1, LogStream::Stdout}});
        });
        producer.start(5);
        QTRY_VERIFY_WITH_TIMEOUT(sent == perSecond * duration, 120'000);
        producer.stop();
        QTRY_COMPARE_WITH_TIMEOUT(fixture.document().lineCount(), int64_t(perSecond) * duration + 1, 20'000);
        QCOMPARE(fixture.view().follow(), LogView::Follow::Following);
        QCOMPARE(fixture.view().linesBelow(), int64_t(0));
        QVERIFY(fixture.view().isLineVisible(fixture.document().lineCount() - 1));
        QVERIFY(fixture.view().textOf(fixture.document().lineCount() - 1).startsWith(QString::number(sent - 1)));
        QVERIFY2(watch.longest() < longestGap, qPrintable(u"%1 ms without events"_s.arg(watch.longest())));
        qInfo("longest gap: %.1f ms of work", watch.longest());
    }
};

QTEST_MAIN(CheckA11)
#include "a11_follow.moc"
