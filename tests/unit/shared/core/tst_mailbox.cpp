// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/mailbox.h"

#include <QTest>
#include <QThread>

#include <atomic>

using namespace danube;
using namespace std::chrono_literals;

class TestMailbox : public QObject
{
    Q_OBJECT
private slots:
    void runsCallsInOrderInTheOwnersThread()
    {
        QObject owner;
        const Mailbox box(&owner);
        QList<int> seen;
        std::unique_ptr<QThread> poster(QThread::create([&] {
            for (int i = 0; i < 1000; ++i)
                box.post([&seen, i] { seen.append(QThread::isMainThread() ? i : -1); });
        }));
        poster->start();
        QTRY_COMPARE_WITH_TIMEOUT(seen.size(), 1000, 5s);
        poster->wait();
        for (int i = 0; i < 1000; ++i)
            QCOMPARE(seen[i], i);
    }

    void dropsCallsOfADestroyedOwner()
    {
        auto owner = std::make_unique<QObject>();
        const Mailbox box(owner.get());
        const auto witness = std::make_shared<int>(0);
        box.post([witness] { ++*witness; });
        owner.reset();
        box.post([witness] { ++*witness; });
        QCoreApplication::processEvents();
        QCOMPARE(*witness, 0);
        QCOMPARE(witness.use_count(), 1); // both calls were destroyed
    }

    void stopsWhenACallDestroysTheOwner()
    {
        auto owner = std::make_unique<QObject>();
        const Mailbox box(owner.get());
        bool later = false;
        box.post([&] { owner.reset(); });
        box.post([&] { later = true; });
        QCoreApplication::processEvents();
        QVERIFY(!owner);
        QVERIFY(!later);
    }

    void takesPostsFromWithinACall()
    {
        QObject owner;
        const Mailbox box(&owner);
        int depth = 0;
        box.post([&] { box.post([&] { depth = 2; }); });
        QTRY_COMPARE(depth, 2);
    }

    void outlivesAnOwnerDestroyedWhileOthersPost()
    {
        std::atomic<bool> stop = false;
        for (int round = 0; round < 50; ++round) {
            auto owner = std::make_unique<QObject>();
            const Mailbox box(owner.get());
            stop = false;
            std::unique_ptr<QThread> poster(QThread::create([&] {
                while (!stop)
                    box.post([] {});
            }));
            poster->start();
            QCoreApplication::processEvents();
            owner.reset();
            stop = true;
            poster->wait();
        }
    }
};

QTEST_GUILESS_MAIN(TestMailbox)
#include "tst_mailbox.moc"
