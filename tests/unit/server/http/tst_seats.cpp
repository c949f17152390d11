// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/seats.h"

#include <QTest>

#include <vector>

using namespace danube;
using namespace danube::http;
using namespace std::chrono_literals;
using enum Seat::State;

class TestSeats : public QObject
{
    Q_OBJECT
private slots:
    void choosesWhoGoes_data()
    {
        QTest::addColumn<std::vector<Seat>>("seats");
        QTest::addColumn<int>("goes"); // 0 = nobody
        QTest::newRow("nobody there") << std::vector<Seat>() << 0;
        QTest::newRow("the longest head") << std::vector{at(1, Head, 5s), at(2, Head, 1s), at(3, Head, 3s)} << 2;
        QTest::newRow("a new head before an old body") << std::vector{at(1, Body, 0s), at(2, Head, 99s)} << 2;
        QTest::newRow("the longest body") << std::vector{at(1, Body, 7s), at(2, Body, 6s), at(3, Ours, 0s)} << 2;
        QTest::newRow("a reader that stalls") << std::vector{at(1, Taking, 94s), at(2, Taking, 99s)} << 1;
        QTest::newRow("no reader that reads") << std::vector{at(1, Taking, 98s), at(2, Taking, 96s)} << 0;
        QTest::newRow("nobody who waits for us") << std::vector{at(1, Ours, 0s)} << 0;
        QTest::newRow("nobody who goes already") << std::vector{at(1, Answered, 0s)} << 0;
    }
    void choosesWhoGoes()
    {
        QFETCH(std::vector<Seat>, seats);
        QFETCH(int, goes);
        QCOMPARE(static_cast<int>(dispensable(seats, SteadyTime(100s)).value_or(0)), goes);
    }
    void findsTheLongestOfAState()
    {
        const std::vector seats{at(1, Head, 1s), at(2, Answered, 4s), at(3, Answered, 3s)};
        QCOMPARE(longestIn(Answered, seats), std::optional<quint64>(3));
        QCOMPARE(longestIn(Taking, seats), std::optional<quint64>());
    }

private:
    static Seat at(quint64 id, Seat::State state, seconds since) { return {id, state, SteadyTime(since)}; }
};

QTEST_APPLESS_MAIN(TestSeats)
#include "tst_seats.moc"
