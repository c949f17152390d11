// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/ratelimit.h"

#include <QHostAddress>
#include <QTest>

using namespace danube;
using namespace danube::http;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr SteadyTime start{1h};

/// How many of `asked` get a token at one moment.
int granted(RateLimit &limit, const QString &who, SteadyTime now, int asked)
{
    int count = 0;
    for (int i = 0; i < asked; ++i)
        count += limit.take(who, now) ? 0 : 1;
    return count;
}

} // namespace

class TestRateLimit : public QObject
{
    Q_OBJECT
private slots:
    void givesTheBurstAndNotOneMore()
    {
        RateLimit limit({.perSecond = 10, .burst = 50});
        QCOMPARE(granted(limit, u"a"_s, start, 1000), 50);
        QCOMPARE(limit.take(u"a"_s, start), 100ms);
        QCOMPARE(granted(limit, u"a"_s, start + 100ms - 1ns, 1), 0);
        QCOMPARE(limit.take(u"a"_s, start + 100ms - 1ns), 1ns);
        QCOMPARE(granted(limit, u"a"_s, start + 100ms, 2), 1); // to the nanosecond
        QCOMPARE(limit.take(u"a"_s, start + 100ms), 100ms);
    }
    void givesItsRateInTheLongRun()
    {
        RateLimit limit({.perSecond = 100, .burst = 400});
        int count = 0;
        for (auto now = start; now < start + 10s; now += 1ms)
            count += granted(limit, u"a"_s, now, 3);
        QCOMPARE(count, 400 + 999); // one each 10 ms, and not yet the last one's
    }
    void fillsUpToTheBurst()
    {
        RateLimit limit({.perSecond = 10, .burst = 50});
        QCOMPARE(granted(limit, u"a"_s, start, 60), 50);
        QCOMPARE(granted(limit, u"a"_s, start + 4s, 60), 40);
        QCOMPARE(granted(limit, u"a"_s, start + 24h, 60), 50);
    }
    void aRefusalCostsNothing()
    {
        RateLimit limit({.perSecond = 1, .burst = 1});
        QCOMPARE(granted(limit, u"a"_s, start, 1'000'000), 1);
        QCOMPARE(granted(limit, u"a"_s, start + 1s, 1), 1);
    }
    void aBurstOfOneIsOneEachInterval()
    {
        RateLimit limit({.perSecond = 3, .burst = 1});
        int count = 0;
        for (auto now = start; now <= start + 3s; now += 10ms)
            count += granted(limit, u"a"_s, now, 2);
        QCOMPARE(count, 9); // at 0, 340, 680 … ms, when somebody asks
    }
    void everybodyHasABucket()
    {
        RateLimit limit({.perSecond = 10, .burst = 5});
        QCOMPARE(granted(limit, u"a"_s, start, 10), 5);
        QCOMPARE(granted(limit, u"b"_s, start, 10), 5);
        QCOMPARE(granted(limit, u"a"_s, start, 10), 0);
    }
    void noRateIsNoLimit()
    {
        RateLimit limit({.perSecond = 0, .burst = 1});
        QCOMPARE(granted(limit, u"a"_s, start, 100'000), 100'000);
        QCOMPARE(limit.size(), 0);
    }
    void theClockMayStandBeforeItsOwnBeginning()
    {
        RateLimit limit({.perSecond = 10, .burst = 5});
        QCOMPARE(granted(limit, u"a"_s, SteadyTime{-1h}, 10), 5);
    }
    void forgetsWhoAskedTheLongestAgo()
    {
        RateLimit limit({.perSecond = 1, .burst = 1}, 3);
        for (const auto &who : {u"a"_s, u"b"_s, u"c"_s})
            QCOMPARE(granted(limit, who, start, 2), 1);
        QCOMPARE(granted(limit, u"a"_s, start, 1), 0); // asking counts, getting does not matter
        QCOMPARE(granted(limit, u"d"_s, start, 2), 1); // b's place
        QCOMPARE(limit.size(), 3);
        QCOMPARE(granted(limit, u"a"_s, start, 1), 0);
        QCOMPARE(granted(limit, u"c"_s, start, 1), 0);
        QCOMPARE(granted(limit, u"b"_s, start, 1), 1);
        QCOMPARE(limit.size(), 3);
    }
    void aCrowdTakesNoMoreThanItsPlaces()
    {
        RateLimit limit({.perSecond = 1, .burst = 1}, 100);
        for (int i = 0; i < 100'000; ++i)
            QVERIFY(!limit.take(QString::number(i), start));
        QCOMPARE(limit.size(), 100);
    }

    void knowsWhichAddressesAreOnePeer_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("network");
        const auto row = [](const QString &address, const QString &network) {
            QTest::newRow(qPrintable(address)) << address << network;
        };
        row(u"192.0.2.7"_s, u"192.0.2.7"_s);
        row(u"::ffff:192.0.2.7"_s, u"192.0.2.7"_s);
        row(u"2001:db8:1:2:3:4:5:6"_s, u"2001:db8:1:2::/64"_s);
        row(u"2001:db8:1:2:ffff::1"_s, u"2001:db8:1:2::/64"_s);
        row(u"2001:db8:1:3::1"_s, u"2001:db8:1:3::/64"_s);
        row(u"::1"_s, u"::/64"_s);
        row(u"fe80::1%eth0"_s, u"fe80::/64"_s);
    }
    void knowsWhichAddressesAreOnePeer()
    {
        QFETCH(QString, address);
        QTEST(networkOf(QHostAddress(address)), "network");
    }
};

QTEST_APPLESS_MAIN(TestRateLimit)
#include "tst_ratelimit.moc"
