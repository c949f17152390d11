// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/secret.h"

#include <QTest>

#include <cstring>
#include <type_traits>

using namespace danube;
using namespace Qt::StringLiterals;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

namespace {

struct Wiped
{
    const void *address;
    size_t size;
    bool operator==(const Wiped &) const = default;
};
QList<Wiped> wiped;

void wipe(void *memory, size_t size)
{
    std::memset(memory, 0, size);
    wiped.append({memory, size});
}

} // namespace

// Stand in for libc's, so that a test sees what is wiped without reading freed memory.
extern "C" void explicit_bzero(void *memory, size_t size) noexcept
{
    wipe(memory, size);
}
extern "C" void __explicit_bzero_chk(void *memory, size_t size, size_t) noexcept
{
    wipe(memory, size);
}

class TestSecret : public QObject
{
    Q_OBJECT
private slots:
    void init() { wiped.clear(); }

    void isWipedOnDestruction()
    {
        const void *address = nullptr;
        {
            const Secret secret(QByteArray(64, 'x'));
            address = secret.reveal().constData();
            QVERIFY(wiped.isEmpty());
        }
        QCOMPARE(wiped, (QList<Wiped>{{address, 64}}));
    }

    void isWipedWhenReplaced()
    {
        Secret secret(QByteArray(10, 'x'));
        const void *address = secret.reveal().constData();
        secret = Secret("next"_ba);
        QCOMPARE(wiped, (QList<Wiped>{{address, 10}}));
        QCOMPARE(secret.reveal(), "next"_ba);
    }

    void leavesWhatBelongsToSomebodyElseToo()
    {
        const QByteArray mine(64, 'x');
        {
            const Secret secret(mine);
        }
        QCOMPARE(mine, QByteArray(64, 'x'));
        QVERIFY(wiped.isEmpty());
    }

    void movesWithoutLeavingACopy()
    {
        Secret first("abc"_ba);
        Secret second(std::move(first));
        QVERIFY(first.isEmpty());
        QCOMPARE(second.reveal(), "abc"_ba);
        Secret third("old"_ba);
        third = std::move(second);
        QVERIFY(second.isEmpty());
        QCOMPARE(third.reveal(), "abc"_ba);
        Secret &same = third;
        third = std::move(same);
        QCOMPARE(third.reveal(), "abc"_ba);
        QVERIFY(!third.isEmpty());
    }

    void clonesShareNothing()
    {
        Secret first("abc"_ba);
        const Secret copy = first.clone();
        QCOMPARE(copy.reveal(), first.reveal());
        QVERIFY(copy.reveal().constData() != first.reveal().constData());
        first = Secret();
        QVERIFY(first.isEmpty());
        QCOMPARE(copy.reveal(), "abc"_ba);
    }

    void comparesInConstantTime_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<bool>("equal");
        QTest::newRow("equal") << "abc"_ba << "abc"_ba << true;
        QTest::newRow("empty") << ""_ba << ""_ba << true;
        QTest::newRow("first differs") << "xbc"_ba << "abc"_ba << false;
        QTest::newRow("last differs") << "abx"_ba << "abc"_ba << false;
        QTest::newRow("differences that would cancel out") << "ba"_ba << "ab"_ba << false;
        QTest::newRow("shorter") << "ab"_ba << "abc"_ba << false;
        QTest::newRow("longer") << "abcd"_ba << "abc"_ba << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\0c", 3) << false;
        QTest::newRow("high bit") << "\x80"_ba << "\0"_ba << false;
    }
    void comparesInConstantTime()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(bool, equal);
        QCOMPARE(equalsConstantTime(left, right), equal);
    }
};

QTEST_APPLESS_MAIN(TestSecret)
#include "tst_secret.moc"
