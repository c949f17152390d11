// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/sharedmemory.h"

#include <QTest>

using namespace danube;
using namespace danube::rpc;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kib = 1024;

/// A call that remembers whether it had to go.
struct Call
{
    Call(SharedMemory &memory, const QString &job)
        : name(job.isEmpty() ? std::optional<JobId>() : JobId(job)), share(memory, name, [this] { ++gone; })
    {}
    std::optional<JobId> name;
    int gone = 0;
    SharedMemory::Share share;
};

} // namespace

class TestSharedMemory : public QObject
{
    Q_OBJECT
private slots:
    void givesBackWhatGoes()
    {
        SharedMemory memory(100 * kib);
        {
            Call first(memory, u"a"_s);
            Call second(memory, u"b"_s);
            QVERIFY(first.share.grow(60 * kib) && first.share.grow(10 * kib) && second.share.grow(30 * kib));
            QCOMPARE(memory.held(), 100 * kib);
            first.share.clear();
            QCOMPARE(memory.held(), 30 * kib);
            QVERIFY(first.share.grow(70 * kib));
        }
        QCOMPARE(memory.held(), 0);
    }

    void whatOneJobHoldsRefusesNobodyElse()
    {
        SharedMemory memory(100 * kib);
        Call first(memory, u"greedy"_s);
        Call second(memory, u"greedy"_s);
        Call third(memory, u"greedy"_s);
        QVERIFY(first.share.grow(40 * kib) && second.share.grow(30 * kib) && third.share.grow(30 * kib));
        Call small(memory, u"modest"_s);
        QVERIFY(small.share.grow(2 * kib));
        QCOMPARE(third.gone, 1); // what came last
        QCOMPARE(first.gone + second.gone + small.gone, 0);
        QCOMPARE(memory.held(), 72 * kib);
        Call large(memory, u"modest"_s);
        QVERIFY(large.share.grow(50 * kib)); // the first job has 70 KiB, and so the most
        QCOMPARE(second.gone, 1);
        QCOMPARE(first.gone + small.gone + large.gone, 0);
        QCOMPARE(memory.held(), 92 * kib);
    }

    void whoHoldsMostGivesWayItself()
    {
        SharedMemory memory(100 * kib);
        Call first(memory, u"greedy"_s);
        Call other(memory, u"modest"_s);
        QVERIFY(first.share.grow(90 * kib) && other.share.grow(5 * kib));
        Call late(memory, u"greedy"_s);
        QVERIFY(!late.share.grow(6 * kib));
        QCOMPARE(late.gone, 0); // it knows from the answer
        QCOMPARE(first.gone + other.gone, 0);
        QCOMPARE(memory.held(), 95 * kib);
        QVERIFY(!first.share.grow(200 * kib));
        QCOMPARE(memory.held(), 5 * kib);
    }

    void callersWithoutATokenAreOne()
    {
        SharedMemory memory(100 * kib);
        Call first(memory, {});
        Call second(memory, {});
        Call job(memory, u"a"_s);
        QVERIFY(first.share.grow(50 * kib) && second.share.grow(50 * kib) && job.share.grow(40 * kib));
        QCOMPARE(second.gone, 1);
    }

    void smallCallsAreNotCounted()
    {
        SharedMemory memory(10 * kib);
        std::vector<std::unique_ptr<Call>> calls;
        for (int i = 0; i < 100; ++i)
            QVERIFY(calls.emplace_back(std::make_unique<Call>(memory, u"a"_s))->share.grow(1000));
        QCOMPARE(memory.held(), 0);
        QVERIFY(calls[0]->share.grow(24)); // and what it had counts then
        QCOMPARE(memory.held(), 1024);
        calls.clear();
        QCOMPARE(memory.held(), 0);
    }
};

QTEST_APPLESS_MAIN(TestSharedMemory)
#include "tst_sharedmemory.moc"
