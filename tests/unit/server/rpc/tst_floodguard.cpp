// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/floodguard.h"

#include <QTest>

using namespace danube;
using namespace std::chrono_literals;

class TestFloodGuard : public QObject
{
    Q_OBJECT
private slots:
    void givesTheBurstThenTheRate()
    {
        rpc::FloodGuard guard(3, 2);
        const SteadyTime start{1h};
        for (int i = 0; i < 3; ++i)
            QVERIFY(guard.take(start));
        QVERIFY(!guard.take(start));
        QVERIFY(!guard.take(start + 100ms));
        QVERIFY(guard.take(start + 600ms)); // half a second is one token
        QVERIFY(!guard.take(start + 600ms));
    }
    void neverSavesMoreThanTheBurst()
    {
        rpc::FloodGuard guard(2, 100);
        const SteadyTime later{48h};
        QVERIFY(guard.take(SteadyTime{1h}));
        QVERIFY(guard.take(later));
        QVERIFY(guard.take(later));
        QVERIFY(!guard.take(later));
    }
};

QTEST_APPLESS_MAIN(TestFloodGuard)
#include "tst_floodguard.moc"
