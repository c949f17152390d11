// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/limiter.h"

#include <QTest>

using namespace danube;
using namespace danube::kube;
using namespace std::chrono_literals;

class TestLimiter : public QObject
{
    Q_OBJECT

    const SteadyTime start = SteadyTime(1'000s);

    /// When the next `count` requests go out that are all reserved at `now`.
    static QList<milliseconds> places(Limiter &limiter, SteadyTime now, int count)
    {
        QList<milliseconds> waits;
        for (int i = 0; i < count; ++i)
            waits.append(limiter.reserve(now));
        return waits;
    }

private slots:
    void aBurstGoesAtOnceAndTheRestAtTheRate()
    {
        Limiter limiter(10, 3);
        QCOMPARE(places(limiter, start, 7), (QList<milliseconds>{0ms, 0ms, 0ms, 100ms, 200ms, 300ms, 400ms}));
    }

    void noWindowOfTimeSeesMoreThanBurstAndRate()
    {
        Limiter limiter(50, 20);
        QList<SteadyTime> sent;
        for (int i = 0; i < 2000; ++i) {
            const SteadyTime now = start + milliseconds(i * 7); // 143 a second are asked for
            sent.append(now + limiter.reserve(now));
        }
        QVERIFY(std::ranges::is_sorted(sent));
        for (qsizetype first = 0; first < sent.size(); first += 37) {
            for (qsizetype last = first; last < sent.size(); last += 101) {
                const double window = std::chrono::duration<double>(sent[last] - sent[first]).count();
                QVERIFY(static_cast<double>(last - first + 1) <= 20 + window * 50 + 1e-6);
            }
        }
        // And not less: 2000 requests need 1980 places of 20 ms.
        QCOMPARE(std::chrono::duration_cast<milliseconds>(sent.last() - start), 1980 * 20ms);
    }

    void idleTimeFillsTheBucketUpToTheBurst()
    {
        Limiter limiter(10, 3);
        places(limiter, start, 5); // two wait
        QCOMPARE(places(limiter, start + 250ms, 2), (QList<milliseconds>{50ms, 150ms}));
        QCOMPARE(places(limiter, start + 1h, 4), (QList<milliseconds>{0ms, 0ms, 0ms, 100ms}));
    }

    void laterCallersNeverOvertakeEarlierOnes()
    {
        Limiter limiter(3, 2); // 333.3… ms: rounding must not reorder
        SteadyTime latest = start;
        for (int i = 0; i < 500; ++i) {
            const SteadyTime now = start + milliseconds(i * 11);
            const SteadyTime due = now + limiter.reserve(now);
            QVERIFY(due >= latest);
            latest = due;
        }
    }

    void nobodyGoesDuringAPauseAndThenOneByOne()
    {
        Limiter limiter(10, 5);
        limiter.pauseUntil(start + 2s);
        QCOMPARE(places(limiter, start, 3), (QList<milliseconds>{2000ms, 2100ms, 2200ms}));
        QCOMPARE(places(limiter, start + 1s, 1), (QList<milliseconds>{1300ms}));
        QCOMPARE(places(limiter, start + 2400ms, 1), (QList<milliseconds>{0ms}));
    }

    void aShorterPauseDoesNotEndALongerOne()
    {
        Limiter limiter(10, 1);
        limiter.pauseUntil(start + 5s);
        limiter.pauseUntil(start + 1s);
        QCOMPARE(limiter.reserve(start), 5000ms);
    }

    void aPauseInThePastChangesNothingMuch()
    {
        Limiter limiter(10, 3);
        limiter.pauseUntil(start - 1s);
        QCOMPARE(places(limiter, start, 4), (QList<milliseconds>{0ms, 0ms, 0ms, 100ms}));
    }

    void whoWaitedTakesANewPlaceWhenAPauseCameMeanwhile()
    {
        Limiter limiter(10, 1);
        QCOMPARE(places(limiter, start, 3), (QList<milliseconds>{0ms, 100ms, 200ms}));
        limiter.pauseUntil(start + 1s);
        // The one told 100 ms and the one told 200 ms ask again when their time has come.
        QCOMPARE(limiter.renew(start + 100ms), 900ms + 300ms);
        QCOMPARE(limiter.renew(start + 200ms), 800ms + 400ms);
        QCOMPARE(limiter.renew(start + 1300ms), 0ms);
        QCOMPARE(limiter.renew(start + 1400ms), 0ms);
    }

    void withoutAPauseTheToldWaitIsEnough()
    {
        Limiter limiter(10, 1);
        places(limiter, start, 2);
        QCOMPARE(limiter.renew(start + 100ms), 0ms);
        QCOMPARE(limiter.reserve(start + 100ms), 100ms); // renew() took no place
    }

    void senselessLimitsStillLetRequestsThrough()
    {
        Limiter limiter(0, 0);
        QCOMPARE(limiter.reserve(start), 0ms);
        QCOMPARE(limiter.reserve(start), 1'000'000ms);
    }
};

QTEST_APPLESS_MAIN(TestLimiter)
#include "tst_limiter.moc"
