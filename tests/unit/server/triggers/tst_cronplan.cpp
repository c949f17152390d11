// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/triggers/cronplan.h"

#include <QElapsedTimer>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace danube::triggers;
using namespace Qt::StringLiterals;

class TestCronPlan : public QObject
{
    Q_OBJECT

    static WallTime at(const QString &text) { return fromRfc3339(text + u"Z"_s); }
    static CronSchedule schedule(const QString &text) { return CronSchedule::parse(text).value(); }

private slots:
    void decidesByPolicy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<CatchUp>("policy");
        QTest::addColumn<QString>("until");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QStringList>("due");
        QTest::addColumn<bool>("givesUp");
        const auto row = [](const char *name, const char *text, CatchUp policy, const char *until, const char *now,
                            const QStringList &due, bool givesUp) {
            QTest::newRow(name) << QString::fromLatin1(text) << policy << QString::fromLatin1(until)
                                << QString::fromLatin1(now) << due << givesUp;
        };
        const auto none = CatchUp::None;
        const auto last = CatchUp::Last;
        const auto all = CatchUp::All;
        const QString ten = u"2026-03-10T10:00:00"_s;
        const QString eleven = u"2026-03-10T11:00:00"_s;
        const QString twelve = u"2026-03-10T12:00:00"_s;
        row("nothing due", "0 * * * *", last, "2026-03-10T10:00:00", "2026-03-10T10:59:59", {}, false);
        row("decided already", "0 * * * *", all, "2026-03-10T10:00:00", "2026-03-10T10:00:00", {}, false);
        row("on time, none", "0 * * * *", none, "2026-03-10T09:30:00", "2026-03-10T10:00:00", {ten}, false);
        row("on time, last", "0 * * * *", last, "2026-03-10T09:30:00", "2026-03-10T10:00:00", {ten}, false);
        row("on time, all", "0 * * * *", all, "2026-03-10T09:30:00", "2026-03-10T10:00:00", {ten}, false);
        row("a minute late, none", "0 * * * *", none, "2026-03-10T09:30:00", "2026-03-10T10:01:00", {ten}, false);
        row("later, none", "0 * * * *", none, "2026-03-10T09:30:00", "2026-03-10T10:01:01", {}, true);
        row("three missed, none", "0 * * * *", none, "2026-03-10T09:30:00", "2026-03-10T12:30:00", {}, true);
        row("three, the latest on time, none", "0 * * * *", none, "2026-03-10T09:30:00", "2026-03-10T12:00:30",
            {twelve}, true);
        row("three missed, last", "0 * * * *", last, "2026-03-10T09:30:00", "2026-03-10T12:30:00", {twelve}, true);
        row("three missed, all", "0 * * * *", all, "2026-03-10T09:30:00", "2026-03-10T12:30:00", {ten, eleven, twelve},
            false);
        row("clock set back", "0 * * * *", all, "2026-03-10T12:30:00", "2026-03-10T09:30:00", {}, false);
        row("ten years, last", "* * * * *", last, "2026-03-10T12:30:00", "2036-03-10T12:30:30",
            {u"2036-03-10T12:30:00"_s}, true);
        row("rare, last", "0 0 29 2 *", last, "2026-03-10T12:30:00", "2036-03-10T12:30:30", {u"2036-02-29T00:00:00"_s},
            true);
        row("rare, all", "0 0 29 2 *", all, "2026-03-10T12:30:00", "2036-03-10T12:30:30",
            {u"2028-02-29T00:00:00"_s, u"2032-02-29T00:00:00"_s, u"2036-02-29T00:00:00"_s}, false);
        row("summer time is not known", "30 2 29 3 *", all, "2026-03-28T00:00:00", "2026-03-30T00:00:00",
            {u"2026-03-29T02:30:00"_s}, false);
    }
    void decidesByPolicy()
    {
        QFETCH(QString, text);
        QFETCH(CatchUp, policy);
        QFETCH(QString, until);
        QFETCH(QString, now);
        QFETCH(QStringList, due);
        QFETCH(bool, givesUp);
        const auto decision = decide(schedule(text), policy, at(until), at(now));
        QList<WallTime> wanted;
        for (const QString &time : due)
            wanted.append(at(time));
        QVERIFY(decision.due == wanted);
        QCOMPARE(decision.givesUp, givesUp);
    }

    void allIsBounded()
    {
        const auto decision =
            decide(schedule(u"* * * * *"_s), CatchUp::All, at(u"2026-03-10T00:00:00"_s), at(u"2026-03-10T02:00:30"_s));
        QCOMPARE(decision.due.size(), maxCatchUp);
        QVERIFY(decision.due.first() == at(u"2026-03-10T01:37:00"_s));
        QVERIFY(decision.due.last() == at(u"2026-03-10T02:00:00"_s));
        QVERIFY(decision.givesUp);
    }

    void exactlyTheBoundIsNotGivenUp()
    {
        const auto decision =
            decide(schedule(u"0 * * * *"_s), CatchUp::All, at(u"2026-03-10T00:00:00"_s), at(u"2026-03-11T00:00:00"_s));
        QCOMPARE(decision.due.size(), maxCatchUp);
        QVERIFY(!decision.givesUp);
    }

    void thirtyYearsCostNoMoreThanAnHour()
    {
        const auto every = schedule(u"* * * * *"_s);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 100; ++i)
            QCOMPARE(decide(every, CatchUp::All, at(u"1996-03-10T00:00:00"_s), at(u"2026-03-10T00:00:00"_s)).due.size(),
                     maxCatchUp);
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed()))); // counting would take minutes
    }
};

QTEST_GUILESS_MAIN(TestCronPlan)
#include "tst_cronplan.moc"
