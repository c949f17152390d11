// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/backoff.h"

#include <QTest>

using namespace danube;
using namespace std::chrono_literals;

class TestBackoff : public QObject
{
    Q_OBJECT

    static std::vector<std::chrono::milliseconds> delays(double random, int count)
    {
        Backoff backoff(1000ms, 30'000ms, [random] { return random; });
        std::vector<std::chrono::milliseconds> result;
        for (int i = 0; i < count; ++i)
            result.push_back(backoff.next());
        return result;
    }

private slots:
    void doublesUpToTheCap()
    {
        // With random numbers close to 1 each delay is close to its ceiling.
        const auto upper = delays(0.999999, 8);
        const std::vector<std::chrono::milliseconds> ceilings{1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s};
        for (size_t i = 0; i < ceilings.size(); ++i) {
            QVERIFY(upper[i] < ceilings[i]);
            QVERIFY(upper[i] >= ceilings[i] - 1ms);
        }
    }

    void neverWaitsLessThanHalfTheBase()
    {
        for (const auto delay : delays(0, 40))
            QCOMPARE(delay, 500ms);
    }

    void spreadsBetweenFloorAndCeiling()
    {
        QCOMPARE(delays(0.5, 3), (std::vector<std::chrono::milliseconds>{750ms, 1250ms, 2250ms}));
    }

    void startsOverAfterReset()
    {
        Backoff backoff(1000ms, 30'000ms, [] { return 0.5; });
        QCOMPARE(backoff.attempt(), 0);
        backoff.next();
        backoff.next();
        QCOMPARE(backoff.attempt(), 2);
        backoff.reset();
        QCOMPARE(backoff.attempt(), 0);
        QCOMPARE(backoff.next(), 750ms);
    }

    void aCapBelowTheBaseWins()
    {
        Backoff backoff(1000ms, 100ms, [] { return 0.5; });
        QCOMPARE(backoff.next(), 100ms);
    }

    void neverOverflows()
    {
        for (const auto delay : delays(0.999, 200))
            QVERIFY(delay >= 500ms && delay <= 30s);
    }

    void systemRandomStaysInItsInterval()
    {
        const auto random = Backoff::systemRandom();
        bool differs = false;
        const double first = random();
        for (int i = 0; i < 100; ++i) {
            const double value = random();
            QVERIFY(value >= 0 && value < 1);
            differs = differs || value != first;
        }
        QVERIFY(differs);
    }
};

QTEST_APPLESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
