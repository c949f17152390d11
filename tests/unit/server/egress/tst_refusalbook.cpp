// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/refusalbook.h"

#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

const JobId job(u"j1"_s);
constexpr auto refused = RefusalKind::Refused;

Attempt attempt(const QString &host, int time = 1, quint16 port = 443)
{
    return {.job = job,
            .outcome = Attempt::Outcome::Refused,
            .time = WallTime(milliseconds(time)),
            .protocol = u"TCP"_s,
            .port = port,
            .address = u"192.0.2.7"_s,
            .names = host.isEmpty() ? QStringList() : QStringList(host),
            .isWorld = true};
}

Step step(uint32_t number, int from, int to)
{
    Step made;
    made.number = StepNumber(number);
    made.startedAt = WallTime(milliseconds(from));
    made.finishedAt = WallTime(milliseconds(to));
    return made;
}

RefusalBook opened()
{
    RefusalBook book;
    book.open(job, u"build"_s, {});
    return book;
}

} // namespace

class TestRefusalBook : public QObject
{
    Q_OBJECT

private slots:
    void addsUpByPlace()
    {
        RefusalBook book = opened();
        QCOMPARE(book.add(attempt(u"a.example.org"_s, 5), refused, {StepNumber(2)}),
                 RefusalBook::Change::FirstOfItsPlace);
        QCOMPARE(book.add(attempt(u"a.example.org"_s, 9), refused, {StepNumber(1)}), RefusalBook::Change::Counted);
        QCOMPARE(book.add(attempt(u"a.example.org"_s, 9, 80), refused, {}), RefusalBook::Change::FirstOfItsPlace);
        const auto rows = book.refusals(job);
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[0], (EgressRefusal{.job = job,
                                         .pipeline = u"build"_s,
                                         .kind = refused,
                                         .host = u"a.example.org"_s,
                                         .port = 443,
                                         .protocol = u"TCP"_s,
                                         .first = WallTime(milliseconds(5)),
                                         .last = WallTime(milliseconds(9)),
                                         .count = 2,
                                         .steps = {StepNumber(1), StepNumber(2)},
                                         .candidates = {}}));
    }

    void namesCandidatesWhenSeveralStepsRan()
    {
        RefusalBook book = opened();
        book.add(attempt(u"a.example.org"_s), refused, {StepNumber(1), StepNumber(3)});
        const auto row = book.refusals(job).first();
        QVERIFY(row.steps.isEmpty());
        QCOMPARE(row.candidates, (QList{StepNumber(1), StepNumber(3)}));
    }

    void findsTheStepsOfAMoment_data()
    {
        QTest::addColumn<int>("time");
        QTest::addColumn<QList<StepNumber>>("expected");
        QTest::newRow("before") << 9 << QList<StepNumber>();
        QTest::newRow("first's start") << 10 << QList{StepNumber(1)};
        QTest::newRow("both") << 25 << QList{StepNumber(1), StepNumber(2)};
        QTest::newRow("first's end") << 30 << QList{StepNumber(1), StepNumber(2)};
        QTest::newRow("still running") << 1000 << QList{StepNumber(2)};
    }
    void findsTheStepsOfAMoment()
    {
        QFETCH(int, time);
        QFETCH(QList<StepNumber>, expected);
        QCOMPARE(stepsAt({step(1, 10, 30), step(2, 20, 0), step(3, 0, 0)}, WallTime(milliseconds(time))), expected);
    }

    void namesAnAddressAsTheJobAskedForIt()
    {
        RefusalBook book = opened();
        book.learn(job, {.query = u"one.example.org"_s, .addresses = {u"192.0.2.7"_s}, .code = 0, .isAnswer = true});
        book.learn(job, {.query = u"two.example.org"_s, .addresses = {u"192.0.2.7"_s}, .code = 0, .isAnswer = true});
        QCOMPARE(book.named(attempt({})).host(), u"two.example.org"_s);
        QCOMPARE(book.named(attempt(u"other.example.org"_s)).names,
                 (QStringList{u"two.example.org"_s, u"other.example.org"_s}));
        Attempt ofAnother = attempt({});
        ofAnother.job = JobId(u"j2"_s);
        QCOMPARE(book.named(ofAnother).host(), u"192.0.2.7"_s);
    }

    void countsNothingTwiceAfterARestart()
    {
        RefusalBook before = opened();
        before.add(attempt(u"a.example.org"_s, 5), refused, {});
        before.add(attempt(u"a.example.org"_s, 6), refused, {});
        RefusalBook after;
        after.open(job, u"build"_s, before.takeChanged());
        QCOMPARE(after.add(attempt(u"a.example.org"_s, 5), refused, {}), RefusalBook::Change::Known);
        QCOMPARE(after.add(attempt(u"a.example.org"_s, 6), refused, {}), RefusalBook::Change::Known);
        QCOMPARE(after.add(attempt(u"a.example.org"_s, 7), refused, {}), RefusalBook::Change::Counted);
        QCOMPARE(after.add(attempt(u"late.example.org"_s, 2), refused, {}), RefusalBook::Change::FirstOfItsPlace);
        QCOMPARE(after.refusals(job).first().count, 1);
        QCOMPARE(after.refusals(job).last().count, 3);
    }

    void storesWhatChangedOnce()
    {
        RefusalBook book = opened();
        book.add(attempt(u"a.example.org"_s), refused, {});
        const auto changed = book.takeChanged();
        QCOMPARE(changed.size(), 1);
        QVERIFY(book.takeChanged().isEmpty());
        book.giveBack(changed);
        QCOMPARE(book.takeChanged(), changed);
    }

    void boundsPlacesOfOneJob()
    {
        RefusalBook book = opened();
        for (int i = 0; i < 5000; ++i)
            book.add(attempt(u"h%1.example.org"_s.arg(i), i + 1), refused, {});
        const auto rows = book.refusals(job);
        QCOMPARE(rows.size(), RefusalBook::maxPlaces + 1);
        const auto others = std::ranges::find(rows, RefusalBook::otherHosts, &EgressRefusal::host);
        QVERIFY(others != rows.end());
        QCOMPARE(others->count, 5000 - RefusalBook::maxPlaces);
    }

    void boundsJobsAndLosesNothingUnsaved()
    {
        RefusalBook book;
        const auto idOf = [](int i) { return JobId(u"j%1"_s.arg(i)); };
        for (int i = 0; i < RefusalBook::maxJobs; ++i) {
            QVERIFY(book.open(idOf(i), u"p"_s, {}));
            Attempt one = attempt(u"a.example.org"_s);
            one.job = idOf(i);
            book.add(one, refused, {});
        }
        QVERIFY(!book.open(idOf(-1), u"p"_s, {}));
        QCOMPARE(book.takeChanged(10).size(), 10);
        QCOMPARE(book.takeChanged(5000).size(), RefusalBook::maxJobs - 10);
        QVERIFY(book.open(idOf(-1), u"p"_s, {}));
        QVERIFY(!book.isOpen(idOf(0)) && book.isOpen(idOf(RefusalBook::maxJobs - 1)));
    }
};

QTEST_GUILESS_MAIN(TestRefusalBook)
#include "tst_refusalbook.moc"
