// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/transcript.h"

#include <QTest>

#include <clocale>

using namespace danube;
using namespace danube::cli;
using namespace Qt::StringLiterals;

namespace {

const Style plain(Terminal{true, false, false, 200});

WallTime at(int second)
{
    return WallTime(milliseconds(1'750'000'000'000)) + seconds(second);
}

Step stepOf(uint number, const QString &name, int from, int to = 0)
{
    Step step;
    step.number = StepNumber(number);
    step.name = name;
    step.state = StepState::Running;
    step.startedAt = at(from);
    if (to == 0)
        return step;
    step.state = StepState::Finished;
    step.finishedAt = at(to);
    step.outcome = StepOutcome{OutcomeKind::Exited, 0, 0, seconds(to - from), {}};
    return step;
}

protocol::LogLine lineOf(uint step, int time, const QByteArray &text, LogStream stream = LogStream::Stdout)
{
    return {0, at(time), StepNumber(step), stream, text, true};
}

/// Lines without the start times in headers, which depend on the zone.
QStringList shown(Transcript &transcript)
{
    QStringList lines = QString::fromUtf8(transcript.take()).split(u'\n', Qt::SkipEmptyParts);
    for (QString &line : lines)
        line.remove(QRegularExpression(u" - \\d\\d:\\d\\d:\\d\\d$"_s));
    return lines;
}

} // namespace

class TestTranscript : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    void tellsStepsOneAfterTheOther()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"build"_s, 1, 3));
        transcript.update(stepOf(2, u"test"_s, 3, 5));
        transcript.line(lineOf(1, 1, "compiling"));
        transcript.line(lineOf(1, 2, "done"));
        transcript.line(lineOf(2, 4, "testing"));
        transcript.settle();
        QCOMPARE(shown(transcript), (QStringList{u"> 1 build"_s, u"compiling"_s, u"done"_s, u"+ 1 build - 2.0 s"_s,
                                                 u"> 2 test"_s, u"testing"_s, u"+ 2 test - 2.0 s"_s}));
    }

    void prefixesLinesOfStepsSideBySide()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"left"_s, 1, 10));
        transcript.update(stepOf(2, u"right"_s, 3, 5));
        transcript.line(lineOf(1, 2, "alone"));
        transcript.line(lineOf(1, 3, "l"));
        transcript.line(lineOf(2, 4, "r"));
        transcript.line(lineOf(1, 6, "alone again"));
        transcript.settle();
        QCOMPARE(shown(transcript), (QStringList{u"> 1 left"_s, u"alone"_s, u"> 2 right"_s, u"left             | l"_s,
                                                 u"right            | r"_s, u"+ 2 right - 2.0 s"_s,
                                                 u"left             | alone again"_s, u"+ 1 left - 9.0 s"_s}));
    }

    void startsAStepWithItsFirstLineEvenWhenTheClockDisagrees()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"build"_s, 5));
        transcript.line(lineOf(1, 1, "early"));
        transcript.line(lineOf(1, 6, "later"));
        QCOMPARE(shown(transcript), (QStringList{u"> 1 build"_s, u"early"_s, u"later"_s}));
    }

    void doesNotEndAStepBeforeItsOwnLateLines()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"build"_s, 1, 2));
        transcript.line(lineOf(1, 3, "from a background process"));
        transcript.settle();
        QCOMPARE(shown(transcript),
                 (QStringList{u"> 1 build"_s, u"from a background process"_s, u"+ 1 build - 1.0 s"_s}));
    }

    void tellsASilentStepOnceItSettles()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"quiet"_s, 1));
        QCOMPARE(shown(transcript), QStringList());
        transcript.settle();
        QCOMPARE(shown(transcript), QStringList{u"> 1 quiet"_s});
        transcript.update(stepOf(1, u"quiet"_s, 1, 4));
        transcript.settle();
        transcript.settle();
        QCOMPARE(shown(transcript), QStringList{u"+ 1 quiet - 3.0 s"_s});
    }

    void tellsAStepThatCouldNotStart()
    {
        Transcript transcript(plain, {});
        Step step = stepOf(1, u"broken"_s, 1, 1);
        step.startedAt = WallTime();
        step.finishedAt = at(1);
        step.outcome = StepOutcome{OutcomeKind::Lost, -1, 0, {}, u"no agent"_s};
        transcript.update(step);
        transcript.settle();
        QCOMPARE(shown(transcript), QStringList{u"? 1 broken - lost: no agent - 0.0 s"_s});
    }

    void setsSentencesOfTheMasterApart()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"build"_s, 1));
        transcript.line(lineOf(0, 0, "job \x1b[31mscheduled", LogStream::System));
        transcript.line(lineOf(0, 0, "printed by the pipeline"));
        transcript.line(lineOf(1, 2, "timed out", LogStream::System));
        QCOMPARE(shown(transcript), (QStringList{u"- job [31mscheduled"_s, u"printed by the pipeline"_s, u"> 1 build"_s,
                                                 u"- timed out"_s}));
    }

    void namesThePipelinesOwnLinesWhileStepsRun()
    {
        Transcript transcript(plain, {});
        transcript.update(stepOf(1, u"build"_s, 1));
        transcript.line(lineOf(0, 2, "print"));
        QCOMPARE(shown(transcript), (QStringList{u"> 1 build"_s, u"pipeline         | print"_s}));
    }

    void showsOnlyWhatIsAskedFor()
    {
        Transcript transcript(plain, {.step = StepNumber(2), .stream = LogStream::Stderr});
        transcript.update(stepOf(1, u"build"_s, 1, 9));
        transcript.update(stepOf(2, u"test"_s, 1, 9));
        transcript.line(lineOf(1, 2, "no", LogStream::Stderr));
        transcript.line(lineOf(2, 3, "no", LogStream::Stdout));
        transcript.line(lineOf(2, 4, "yes", LogStream::Stderr));
        transcript.settle();
        QCOMPARE(shown(transcript), (QStringList{u"> 2 test"_s, u"yes"_s, u"+ 2 test - 8.0 s"_s}));
    }

    void keepsBytesExactWhereAsked()
    {
        Transcript exact(plain, {.exactLines = true});
        exact.line(lineOf(0, 1, "a\x1b[2J\xff\rb"));
        QCOMPARE(exact.take(), "a\x1b[2J\xff\rb\n"_ba);
        Transcript harmless(plain, {});
        harmless.line(lineOf(0, 1, "a\x1b[2J\xff\rb"));
        QCOMPARE(harmless.take(), "b\n"_ba);
    }

    void putsTheTimeBeforeEachLine()
    {
        Transcript transcript(plain, {.timestamps = true});
        transcript.line(lineOf(0, 1, "x"));
        QVERIFY(QRegularExpression(u"^\\d\\d:\\d\\d:41\\.000 x\n$"_s)
                    .match(QString::fromUtf8(transcript.take()))
                    .hasMatch());
    }

    void knowsItsSteps()
    {
        Transcript transcript(plain, {});
        QVERIFY(transcript.knows(StepNumber::Coordinator));
        QVERIFY(!transcript.knows(StepNumber(1)));
        transcript.update(stepOf(1, u"build"_s, 1));
        QVERIFY(transcript.knows(StepNumber(1)));
    }
};

QTEST_APPLESS_MAIN(TestTranscript)
#include "tst_transcript.moc"
