// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/ratemeter.h"

#include <QTest>

using namespace danube;
using namespace danube::console;

class TestRateMeter : public QObject
{
    Q_OBJECT
    static SteadyTime at(int64_t ms) { return SteadyTime(milliseconds(1'000'000 + ms)); }

private slots:
    void isTheMeanOfTheLastSeconds()
    {
        RateMeter meter;
        QCOMPARE(meter.perSecond(at(0)), 0);
        for (int second = 0; second <= 20; ++second)
            meter.take(at(second * 1000), second * 500);
        QCOMPARE(meter.perSecond(at(20'000)), 500);
        for (int second = 21; second <= 40; ++second)
            meter.take(at(second * 1000), 10'000 + (second - 20) * 3000);
        QCOMPARE(meter.perSecond(at(40'000)), 3000); // what was before the window is forgotten
    }
    void fallsWhenNothingComes()
    {
        RateMeter meter;
        meter.take(at(0), 0);
        meter.take(at(1000), 1000);
        QCOMPARE(meter.perSecond(at(1000)), 1000);
        QCOMPARE(meter.perSecond(at(4000)), 250);
        for (int second = 2; second <= 10; ++second)
            meter.take(at(second * 1000), 1000);
        QCOMPARE(meter.perSecond(at(10'000)), 0);
    }
    void aMomentIsNoMeasure()
    {
        RateMeter meter;
        meter.take(at(0), 0);
        meter.take(at(10), 1'000'000);
        QCOMPARE(meter.perSecond(at(10)), 0);
        meter.take(at(10), 2'000'000); // twice in one moment
        QCOMPARE(meter.perSecond(at(1000)), 2'000'000);
    }
    void aLogThatIsFetchedAnewBeginsAnew()
    {
        RateMeter meter;
        meter.take(at(0), 5'000'000);
        meter.take(at(1000), 6'000'000);
        meter.take(at(2000), 100);
        QCOMPARE(meter.perSecond(at(2000)), 0);
        meter.take(at(3000), 1100);
        QCOMPARE(meter.perSecond(at(3000)), 1000);
    }
};

QTEST_GUILESS_MAIN(TestRateMeter)
#include "tst_ratemeter.moc"
