// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/clock.h"

#include "tests/support/fakeclock.h"

#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestClock : public QObject
{
    Q_OBJECT
private slots:
    void writesRfc3339InUtc()
    {
        QCOMPARE(toRfc3339(WallTime(1'769'860'800'123ms)), u"2026-01-31T12:00:00.123Z"_s);
        QCOMPARE(toRfc3339(WallTime(1ms)), u"1970-01-01T00:00:00.001Z"_s);
        QCOMPARE(toRfc3339(WallTime()), QString());
    }

    void readsRfc3339_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds");
        QTest::newRow("milliseconds") << u"2026-01-31T12:00:00.123Z"_s << qint64(1'769'860'800'123);
        QTest::newRow("leap day") << u"2024-02-29T23:59:59.999Z"_s << qint64(1'709'251'199'999);
        QTest::newRow("no leap day") << u"2023-02-29T00:00:00.000Z"_s << qint64(0);
        QTest::newRow("before the epoch") << u"1969-12-31T23:59:59.999Z"_s << qint64(-1);
        QTest::newRow("letters") << u"2026-01-31T12:00:0x.123Z"_s << qint64(0);
        QTest::newRow("no Z") << u"2026-01-31T12:00:00.123z "_s << qint64(0);
        QTest::newRow("second 60") << u"2026-01-31T12:00:60.000Z"_s << qint64(0);
        QTest::newRow("seconds") << u"2026-01-31T12:00:00Z"_s << qint64(1'769'860'800'000);
        QTest::newRow("offset") << u"2026-01-31T13:30:00+01:30"_s << qint64(1'769'860'800'000);
        QTest::newRow("empty") << QString() << qint64(0);
        QTest::newRow("no time") << u"yesterday"_s << qint64(0);
        QTest::newRow("month 13") << u"2026-13-01T00:00:00Z"_s << qint64(0);
    }
    void readsRfc3339()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        QCOMPARE(fromRfc3339(text).time_since_epoch().count(), milliseconds);
    }

    void readsWhatItWrites()
    {
        for (const qint64 count : {1LL, 999LL, 1'750'000'000'001LL, 4'102'444'800'000LL}) {
            const WallTime time{milliseconds(count)};
            QCOMPARE(fromRfc3339(toRfc3339(time)), time);
        }
    }

    void theSystemsClocksMove()
    {
        const SystemClock clock;
        const auto wall = clock.wall();
        const auto steady = clock.steady();
        const auto now = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(std::abs(wall.time_since_epoch().count() - now) < 10'000);
        while (clock.steady() == steady) {
        }
        QVERIFY(clock.steady() > steady);
    }

    void theFakeClockStandsStill()
    {
        tests::FakeClock clock(WallTime(5ms));
        const auto steady = clock.steady();
        QCOMPARE(clock.wall(), WallTime(5ms));
        clock.advance(10ms);
        QCOMPARE(clock.wall(), WallTime(15ms));
        QCOMPARE(clock.steady() - steady, std::chrono::steady_clock::duration(10ms));
    }
};

QTEST_APPLESS_MAIN(TestClock)
#include "tst_clock.moc"
