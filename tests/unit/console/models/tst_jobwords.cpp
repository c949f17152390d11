// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages of jobs say: why a job failed, past durations, offered filters, rows of small tables.
#include "console/models/durationhistory.h"
#include "console/models/failure.h"
#include "console/models/filtercompletion.h"
#include "console/models/jobquery.h"
#include "console/models/rowsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

Job jobIn(JobState state, const QString &reason = {})
{
    Job job;
    job.state = state;
    job.reason = reason;
    return job;
}

Step stepWith(uint32_t number, const QString &name, std::optional<StepOutcome> outcome)
{
    Step step;
    step.number = StepNumber(number);
    step.name = name;
    step.outcome = std::move(outcome);
    return step;
}

Job finished(int number, milliseconds duration, const QString &pipeline = u"web"_s)
{
    Job job = jobIn(JobState::Success);
    job.number = number;
    job.pipeline = pipeline;
    job.startedAt = WallTime(milliseconds(1000));
    job.finishedAt = job.startedAt + duration;
    return job;
}

} // namespace

class TestJobWords : public QObject
{
    Q_OBJECT
private slots:
    void theReasonIsOneSentence()
    {
        const QList<Step> steps{stepWith(1, u"build"_s, StepOutcome{OutcomeKind::Exited, 0, 0, {}, {}}),
                                stepWith(2, u"test"_s, StepOutcome{OutcomeKind::Exited, 3, 0, {}, {}}),
                                stepWith(3, u"report"_s, StepOutcome{OutcomeKind::Exited, 0, 0, {}, {}})};
        QCOMPARE(reasonOf(jobIn(JobState::Failure, u"disk full"_s), steps), u"disk full"_s);
        QCOMPARE(reasonOf(jobIn(JobState::Failure), steps), u"Step 2 \"test\" failed: exit code 3"_s);
        QCOMPARE(reasonOf(jobIn(JobState::Failure), {}), u"The master gave no reason."_s);
        QCOMPARE(reasonOf(jobIn(JobState::Cancelled), steps), u"It was cancelled."_s);
        QCOMPARE(reasonOf(jobIn(JobState::Success), steps), QString());
        QCOMPARE(reasonOf(jobIn(JobState::Running), steps), QString());
        QCOMPARE(blamedStep(steps)->number, StepNumber(2));
    }
    void theLastTwentyDurationsAreKept()
    {
        DurationHistory history;
        for (int number = 1; number <= 30; ++number)
            history.add(finished(number, seconds(number)));
        history.add(finished(5, seconds(99))); // too old by now
        history.add(finished(30, seconds(7))); // told again
        history.add(jobIn(JobState::Running)); // not ended
        history.add(finished(31, seconds(1), u"other"_s));
        const QList<PastDuration> web = history.of(u"web"_s);
        QCOMPARE(web.size(), 20);
        QCOMPARE(web.constFirst().number, 11);
        QCOMPARE(web.constLast(), (PastDuration{30, seconds(7), JobState::Success}));
        history.remove(finished(30, seconds(7)));
        QCOMPARE(history.of(u"web"_s).constLast().number, 29);
        QVERIFY(history.of(u"none"_s).isEmpty());
    }
    void filtersAreOffered_data()
    {
        QTest::addColumn<QString>("line"); // the cursor stands at '|'
        QTest::addColumn<QStringList>("tokens");
        QTest::newRow("nothing typed") << u"|"_s << QStringList();
        QTest::newRow("key") << u"s|"_s << QStringList{u"state:"_s, u"since:"_s};
        QTest::newRow("letter case") << u"BR|"_s << QStringList{u"branch:"_s};
        QTest::newRow("value") << u"state:f|"_s << QStringList{u"state:failed"_s};
        QTest::newRow("second token") << u"state:failed pipe|"_s << QStringList{u"pipeline:"_s};
        QTest::newRow("known values") << u"branch:|"_s << QStringList{u"branch:main"_s, u"branch:release"_s};
        QTest::newRow("within a line") << u"branch:r| state:failed"_s << QStringList{u"branch:release"_s};
        QTest::newRow("complete") << u"branch:main|"_s << QStringList();
        QTest::newRow("unknown key") << u"http://x|"_s << QStringList();
        QTest::newRow("after a blank") << u"state:failed |"_s << QStringList();
    }
    void filtersAreOffered()
    {
        QFETCH(QString, line);
        QFETCH(const QStringList, tokens);
        const qsizetype cursor = line.indexOf(u'|');
        line.remove(cursor, 1);
        const auto completion =
            FilterCompletion::of(line, cursor, {{u"main"_s, u"release"_s, u"with blank"_s}, {u"web"_s}, {u"api"_s}});
        QCOMPARE(completion.tokens, tokens);
        // Whatever is offered is understood.
        for (const QString &token : completion.tokens) {
            if (!token.endsWith(u':'))
                QCOMPARE(JobQuery::parse(token).problems.size(), 0);
        }
    }
    void rowsChangeAsLittleAsPossible()
    {
        RowsModel model({u"a"_s, u"b"_s});
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setRows({{{u"1"_s, u"x"_s}}, {{u"2"_s, u"y"_s}}});
        model.setRows({{{u"1"_s, u"x"_s}}, {{u"2"_s, u"z"_s}}, {{u"3"_s, u"w"_s}}});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.rowCount(), 3);
        model.setRows({{{u"1"_s, u"x"_s}}});
        QCOMPARE(model.rowCount(), 1);
        for (int i = 0; i < 10; ++i)
            model.append({{QString::number(i), {}}}, 5);
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.index(4, 0).data().toString(), u"9"_s);
        QCOMPARE(reset.size(), 0);
    }
};

QTEST_MAIN(TestJobWords)
#include "tst_jobwords.moc"
