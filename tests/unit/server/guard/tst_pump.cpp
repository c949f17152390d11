// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/pump.h"
#include "tests/unit/server/guard/tcppair.h"

#include <QTest>

#include <array>

using namespace danube::guard;
using namespace danube::guard::tests;

namespace {

std::string pattern(size_t size)
{
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 2'654'435'761U) >> 24);
    return bytes;
}

/// client → [from | pump | to] → server
struct Line
{
    explicit Line(PipePool &lender) : pool(lender) {}
    /// As after an event of epoll on both.
    Pump::State run()
    {
        from.isReadable = to.isWritable = true;
        return pump.run(from, to);
    }
    /// Sends all, taking at the far end, until it has as many.
    std::string carry(const std::string &bytes)
    {
        std::string arrived;
        size_t given = 0;
        while (arrived.size() < bytes.size()) {
            given += give(in.near, std::string_view(bytes).substr(given));
            if (run() == Pump::State::Broken || !waitFor(out.far, POLLIN))
                break;
            arrived += takeAll(out.far);
        }
        return arrived;
    }

    PipePool &pool;
    std::array<char, 64 << 10> scratch{};
    TcpPair in;
    TcpPair out;
    Side from{in.far.get()};
    Side to{out.near.get()};
    Pump pump{pool, scratch};
};

} // namespace

class TestPump : public QObject
{
    Q_OBJECT
private slots:
    void copiesLittle()
    {
        PipePool pool;
        Line line(pool);
        QCOMPARE(line.carry("a request"), std::string("a request"));
        QCOMPARE(line.pump.moved(), uint64_t(9));
        QCOMPARE(pool.lent(), size_t(0));
    }
    void splicesMuchAndKeepsItsOrder()
    {
        PipePool pool;
        Line line(pool);
        const std::string bytes = pattern(20 << 20);
        QVERIFY(line.carry(bytes) == bytes);
        QCOMPARE(line.pump.moved(), uint64_t(bytes.size()));
        QCOMPARE(line.carry("and a little more"), std::string("and a little more"));
        QCOMPARE(pool.lent(), size_t(0)); // a little at a time needs none
    }
    void keepsThePipeWhileMuchComes()
    {
        PipePool pool;
        Line line(pool);
        give(line.in.near, pattern(256 << 10));
        QVERIFY(waitFor(line.in.far, POLLIN));
        while (pool.lent() == 0)
            QVERIFY(line.run() != Pump::State::Broken);
        QCOMPARE(line.run(), Pump::State::Blocked);
    }
    void copiesWhenNoPipeIsLeft()
    {
        PipePool pool(0);
        Line line(pool);
        const std::string bytes = pattern(8 << 20);
        QVERIFY(line.carry(bytes) == bytes);
        QCOMPARE(pool.lent(), size_t(0));
    }
    void takesAnIdlePipeFromAnother()
    {
        PipePool pool(1);
        Line first(pool);
        Line second(pool);
        const std::string bytes = pattern(4 << 20);
        for (Line *line : {&first, &second, &first}) {
            QVERIFY(line->carry(bytes) == bytes);
            QVERIFY(pool.lent() <= 1);
        }
    }
    void leavesAPipeInUseAlone()
    {
        PipePool pool(1);
        Line stuck(pool);
        Line other(pool);
        const std::string bytes = pattern(48 << 20); // beyond all buffers: the far end does not read
        size_t given = 0;
        for (size_t more = 1; more > 0; given += more) {
            more = give(stuck.in.near, std::string_view(bytes).substr(given));
            QVERIFY(stuck.run() != Pump::State::Broken);
        }
        QCOMPARE(pool.lent(), size_t(1));
        const std::string small = pattern(4 << 20);
        QVERIFY(other.carry(small) == small);
        QCOMPARE(pool.lent(), size_t(1));
        std::string arrived;
        while (arrived.size() < given) {
            QVERIFY(waitFor(stuck.out.far, POLLIN));
            arrived += takeAll(stuck.out.far);
            QVERIFY(stuck.run() != Pump::State::Broken);
        }
        QVERIFY(arrived == bytes.substr(0, given));
    }
    void holdsOneBufferForAReaderThatDoesNotRead()
    {
        PipePool pool;
        Line line(pool);
        const std::string bytes = pattern(64 << 20);
        size_t given = 0;
        for (size_t more = 1; more > 0; given += more) {
            more = give(line.in.near, std::string_view(bytes).substr(given));
            QVERIFY(line.run() != Pump::State::Broken);
        }
        const uint64_t inside = given - line.pump.moved() - takeAll(line.in.far).size();
        QVERIFY2(inside <= uint64_t(PipePool::bytes), qPrintable(QString::number(inside)));
    }
    void makesAnEndAHalfClose()
    {
        PipePool pool;
        Line line(pool);
        give(line.in.near, "last words");
        shutdown(line.in.near.get(), SHUT_WR);
        QVERIFY(waitFor(line.in.far, POLLRDHUP));
        QCOMPARE(line.run(), Pump::State::Ended);
        QVERIFY(waitFor(line.out.far, POLLRDHUP));
        QCOMPARE(takeAll(line.out.far), std::string("last words"));
        char byte = 0;
        QCOMPARE(recv(line.out.far.get(), &byte, 1, 0), ssize_t(0));
        QCOMPARE(give(line.out.far, "answer"), size_t(6)); // the other direction is still open
        QVERIFY(waitFor(line.out.near, POLLIN));
        QCOMPARE(takeAll(line.out.near), std::string("answer"));
    }
    void anEndLosesNothingThatIsOnItsWay()
    {
        PipePool pool;
        Line line(pool);
        const std::string bytes = pattern(48 << 20); // beyond all buffers
        size_t given = 0;
        for (size_t more = 1; more > 0; given += more) {
            more = give(line.in.near, std::string_view(bytes).substr(given));
            QVERIFY(line.run() != Pump::State::Broken);
        }
        shutdown(line.in.near.get(), SHUT_WR);
        std::string arrived;
        Pump::State state = Pump::State::Blocked;
        while (state != Pump::State::Ended) { // each turn after an event of the client, too
            QVERIFY(waitFor(line.out.far, POLLIN));
            arrived += takeAll(line.out.far);
            state = line.run();
            QVERIFY(state != Pump::State::Broken);
        }
        while (arrived.size() < given && waitFor(line.out.far, POLLIN))
            arrived += takeAll(line.out.far);
        QVERIFY(arrived == bytes.substr(0, given));
    }
    void sendsWhatWasPushedFirst()
    {
        PipePool pool;
        Line line(pool);
        line.pump.push("heard before; ");
        const std::string expected = "heard before; and after";
        std::string arrived = line.carry("and after");
        while (arrived.size() < expected.size()) {
            QCOMPARE(line.run(), Pump::State::Blocked);
            QVERIFY(waitFor(line.out.far, POLLIN));
            arrived += takeAll(line.out.far);
        }
        QCOMPARE(arrived, expected);
    }
    void breaksWithItsTarget()
    {
        PipePool pool;
        Line line(pool);
        const linger now{1, 0};
        setsockopt(line.out.far.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        line.out.far.reset();
        QVERIFY(waitFor(line.out.near, POLLHUP));
        give(line.in.near, "to nobody");
        QVERIFY(waitFor(line.in.far, POLLIN));
        QCOMPARE(line.run(), Pump::State::Broken);
    }
    void sendsWhatTheFilterLeaves()
    {
        PipePool pool;
        Line line(pool);
        line.pump.setFilter([](std::string_view bytes, std::string &out) {
            for (const char c : bytes) {
                if (c != '-')
                    out += c;
            }
            return !bytes.contains('!');
        });
        give(line.in.near, "-a-b-c-");
        QVERIFY(waitFor(line.in.far, POLLIN));
        QCOMPARE(line.run(), Pump::State::Blocked);
        QVERIFY(waitFor(line.out.far, POLLIN));
        QCOMPARE(takeAll(line.out.far), std::string("abc"));
        give(line.in.near, "!");
        QVERIFY(waitFor(line.in.far, POLLIN));
        QCOMPARE(line.run(), Pump::State::Broken);
    }
    void neverSplicesPastAFilter()
    {
        PipePool pool;
        Line line(pool);
        line.pump.setFilter([](std::string_view bytes, std::string &out) {
            out += bytes;
            return true;
        });
        const std::string bytes = pattern(4 << 20);
        QVERIFY(line.carry(bytes) == bytes);
        QCOMPARE(pool.lent(), size_t(0));
    }
    void aBrokenLineSpoilsNoPipe()
    {
        PipePool pool(1);
        {
            Line stuck(pool);
            for (int i = 0; i < 100; ++i) {
                give(stuck.in.near, pattern(1 << 20));
                stuck.run();
            }
            QCOMPARE(pool.lent(), size_t(1));
        }
        QCOMPARE(pool.lent(), size_t(0));
        Line next(pool);
        const std::string bytes = pattern(4 << 20);
        QVERIFY(next.carry(bytes) == bytes); // nothing of the other one's is in it
    }
};

QTEST_APPLESS_MAIN(TestPump)
#include "tst_pump.moc"
