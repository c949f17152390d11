// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/exitcode.h"
#include "console/cli/format.h"
#include "console/cli/table.h"

#include <QTest>

#include <clocale>

using namespace danube;
using namespace danube::cli;
using namespace Qt::StringLiterals;

namespace {

const Style plain(Terminal{false, false, false, 200});
const Style rich(Terminal{true, true, true, 200});
const WallTime now(milliseconds(1'750'000'000'000));

Step stepOf(uint number, OutcomeKind kind, int exitCode, const QString &name = u"test"_s)
{
    Step step;
    step.number = StepNumber(number);
    step.name = name;
    step.command = u"make\n  check"_s;
    step.state = StepState::Finished;
    step.outcome = StepOutcome{kind, exitCode, kind == OutcomeKind::Signalled ? 9 : 0, milliseconds(1234), {}};
    return step;
}

Job jobOf(JobState state)
{
    Job job;
    job.id = JobId(u"j1"_s);
    job.number = 17;
    job.pipeline = u"web"_s;
    job.state = state;
    job.createdAt = now - seconds(90);
    job.startedAt = now - seconds(80);
    job.finishedAt = isFinal(state) ? now - seconds(10) : WallTime();
    return job;
}

} // namespace

class TestFormat : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    void writesDurations_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64(0) << u"0.0 s"_s;
        QTest::newRow("negative clock jump") << qint64(-5) << u"0.0 s"_s;
        QTest::newRow("tenths, cut") << qint64(1299) << u"1.2 s"_s;
        QTest::newRow("just below a minute") << qint64(59'999) << u"59.9 s"_s;
        QTest::newRow("a minute") << qint64(60'000) << u"1 m 00 s"_s;
        QTest::newRow("minutes") << qint64(185'000) << u"3 m 05 s"_s;
        QTest::newRow("just below an hour") << qint64(3'599'999) << u"59 m 59 s"_s;
        QTest::newRow("hours") << qint64(2 * 3'600'000 + 180'000) << u"2 h 03 m"_s;
    }
    void writesDurations()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QString, text);
        QCOMPARE(formatDuration(danube::milliseconds(milliseconds)), text);
    }

    void writesAges_data()
    {
        QTest::addColumn<int>("age");
        QTest::addColumn<QString>("text");
        QTest::newRow("future") << -5 << u"0 s ago"_s;
        QTest::newRow("seconds") << 59 << u"59 s ago"_s;
        QTest::newRow("minutes") << 60 << u"1 min ago"_s;
        QTest::newRow("hours") << 3600 << u"1 h ago"_s;
        QTest::newRow("almost a day") << 86399 << u"23 h ago"_s;
        QTest::newRow("days") << 86400 * 3 << u"3 d ago"_s;
    }
    void writesAges()
    {
        QFETCH(int, age);
        QFETCH(QString, text);
        QCOMPARE(formatAge(now - seconds(age), now), text);
        QCOMPARE(formatAge(WallTime(), now), QString());
    }

    void writesTimesOfDay()
    {
        QVERIFY(QRegularExpression(u"^\\d\\d:\\d\\d:40$"_s).match(formatTimeOfDay(now)).hasMatch());
        QCOMPARE(formatTimeOfDay(WallTime()), QString());
    }

    void alignsTables()
    {
        Table table({{u"A"_s, Align::Right}, {u"NAME"_s, Align::Left, true}, {u"X"_s}});
        table.add({{u"1"_s}, {u"one"_s}, {u"x"_s}});
        table.add({{u"100"_s}, {u"日本"_s}, {u""_s}});
        QCOMPARE(table.render(plain), u"  A  NAME  X\n"
                                      u"  1  one   x\n"
                                      u"100  日本\n"_s);
    }

    void shrinksFlexibleColumnsToTheTerminal()
    {
        Table table({{u"ID"_s}, {u"NAME"_s, Align::Left, true}, {u"REF"_s, Align::Left, true}});
        table.add({{u"12345678"_s}, {QString(60, u'n')}, {QString(30, u'r')}});
        const QString text = table.render(Style(Terminal{true, false, true, 50}));
        for (const QString &line : text.split(u'\n'))
            QVERIFY2(displayWidth(line) <= 50, qPrintable(line));
        QVERIFY(text.contains(QString(18, u'n') + u'…'));
        QVERIFY(text.contains(u"12345678"));
        const QString narrow = table.render(Style(Terminal{true, false, true, 10}));
        QVERIFY2(narrow.contains(QString(7, u'n') + u'…'), "flexible columns keep eight columns");
    }

    void elidesByColumns()
    {
        QCOMPARE(elide(u"abcdef"_s, 6, u"…"_s), u"abcdef"_s);
        QCOMPARE(elide(u"abcdefg"_s, 6, u"…"_s), u"abcde…"_s);
        QCOMPARE(elide(u"日本語日本語"_s, 6, u"…"_s), u"日本…"_s);
        QCOMPARE(elide(u"abcdefg"_s, 6, u"..."_s), u"abc..."_s);
        QCOMPARE(displayWidth(u"e\u0301"_s), 1);
    }

    void decidesOnColours_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("terminal");
        QTest::addColumn<QByteArray>("noColor");
        QTest::addColumn<QByteArray>("term");
        QTest::addColumn<bool>("colours");
        const int automatic = static_cast<int>(ColourMode::Auto);
        QTest::newRow("terminal") << automatic << true << ""_ba << "xterm"_ba << true;
        QTest::newRow("pipe") << automatic << false << ""_ba << "xterm"_ba << false;
        QTest::newRow("NO_COLOR") << automatic << true << "1"_ba << "xterm"_ba << false;
        QTest::newRow("dumb") << automatic << true << ""_ba << "dumb"_ba << false;
        QTest::newRow("always") << static_cast<int>(ColourMode::Always) << false << "1"_ba << "dumb"_ba << true;
        QTest::newRow("never") << static_cast<int>(ColourMode::Never) << true << ""_ba << "xterm"_ba << false;
    }
    void decidesOnColours()
    {
        QFETCH(int, mode);
        QFETCH(bool, terminal);
        QFETCH(QByteArray, noColor);
        QFETCH(QByteArray, term);
        QFETCH(bool, colours);
        QCOMPARE(wantsColours(static_cast<ColourMode>(mode), terminal, noColor, term), colours);
    }

    void paintsOnlyWhereThereAreColours()
    {
        QCOMPARE(plain.paint(Colour::Red, u"x"_s), u"x"_s);
        QCOMPARE(rich.paint(Colour::Red, u"x"_s), u"\x1b[31mx\x1b[0m"_s);
        QCOMPARE(rich.paint(Colour::Plain, u"x"_s), u"x"_s);
        QCOMPARE(rich.paint(Colour::Red, QString()), QString());
    }

    void givesEveryStateItsSymbolInAscii_data()
    {
        QTest::addColumn<JobState>("state");
        QTest::addColumn<QString>("ascii");
        QTest::addColumn<QString>("unicode");
        QTest::newRow("pending") << JobState::Pending << u"."_s << u"\x1b[2m○\x1b[0m"_s;
        QTest::newRow("scheduling") << JobState::Scheduling << u"."_s << u"\x1b[2m○\x1b[0m"_s;
        QTest::newRow("running") << JobState::Running << u">"_s << u"\x1b[34m▶\x1b[0m"_s;
        QTest::newRow("success") << JobState::Success << u"+"_s << u"\x1b[32m✔\x1b[0m"_s;
        QTest::newRow("failure") << JobState::Failure << u"x"_s << u"\x1b[31m✘\x1b[0m"_s;
        QTest::newRow("timeout") << JobState::Timeout << u"t"_s << u"\x1b[33m⧗\x1b[0m"_s;
        QTest::newRow("cancelled") << JobState::Cancelled << u"-"_s << u"\x1b[33m⊘\x1b[0m"_s;
    }
    void givesEveryStateItsSymbolInAscii()
    {
        QFETCH(JobState, state);
        QFETCH(QString, ascii);
        QFETCH(QString, unicode);
        QCOMPARE(plain.symbol(state), ascii);
        QCOMPARE(rich.symbol(state), unicode);
    }

    void writesStepHeadersAndEnds()
    {
        Step step = stepOf(2, OutcomeKind::Exited, 0);
        QCOMPARE(formatStepStart(step, plain), u"> 2 test - make check\n"_s);
        QCOMPARE(formatStepEnd(step, plain), u"+ 2 test - 1.2 s\n"_s);
        QCOMPARE(formatStepEnd(stepOf(2, OutcomeKind::Exited, 3), plain), u"x 2 test - exit code 3 - 1.2 s\n"_s);
        QCOMPARE(formatStepEnd(stepOf(2, OutcomeKind::Timeout, -1), plain),
                 u"t 2 test - timed out after 1.2 s - 1.2 s\n"_s);
        step.outcome.reset();
        QCOMPARE(formatStepEnd(step, plain), u"> 2 test - still running\n"_s);
        step.startedAt = now;
        QVERIFY(formatStepStart(step, plain).contains(formatTimeOfDay(now)));
        step.command = QString(500, u'x');
        QVERIFY(displayWidth(formatStepStart(step, Style(Terminal{true, false, true, 80}))) <= 80);
    }

    void namesTheFailedStepAndWhereToLook()
    {
        const protocol::JobDetail detail{
            jobOf(JobState::Failure),
            {stepOf(1, OutcomeKind::Exited, 0, u"build"_s), stepOf(2, OutcomeKind::Exited, 3)}};
        QCOMPARE(formatResult(detail, plain), u"x job #17 of web: failure in 1 m 10 s\n"
                                              u"  step 'test': exit code 3\n"
                                              u"    see: danubectl logs j1 --step 2\n"_s);
    }

    void saysWhatGuardedTheJob()
    {
        protocol::JobDetail detail{jobOf(JobState::Success), {}};
        QVERIFY(!formatJob(detail, plain, now).contains(u"egress"));
        detail.egress = JobEgress{u"none"_s, u"nothing guards\nwhat jobs reach"_s};
        QVERIFY(formatJob(detail, plain, now).contains(u"none (nothing guards what jobs reach)"));
    }

    void tellsTheReasonOnce()
    {
        protocol::JobDetail detail{jobOf(JobState::Failure), {stepOf(2, OutcomeKind::Exited, 3)}};
        detail.job.reason = u"step 'test' failed: exit code 3"_s;
        QVERIFY(!formatResult(detail, plain).contains(u"failed: exit code"));
        detail.job.reason = u"the coordinator was lost"_s;
        QVERIFY(formatResult(detail, plain).contains(u"  the coordinator was lost\n"));
    }

    void aCancelledJobDoesNotListItsCancelledSteps()
    {
        protocol::JobDetail detail{
            jobOf(JobState::Cancelled),
            {stepOf(1, OutcomeKind::Cancelled, -1), stepOf(2, OutcomeKind::Exited, 3, u"own"_s)}};
        detail.job.reason = u"cancelled by admin"_s;
        const QString text = formatResult(detail, plain);
        QVERIFY(text.contains(u"  cancelled by admin\n") && text.contains(u"step 'own': exit code 3"));
        QVERIFY(!text.contains(u"step 'test'"));
    }

    void tellsSuccessInOneLine()
    {
        const protocol::JobDetail detail{jobOf(JobState::Success), {stepOf(1, OutcomeKind::Exited, 3)}};
        QCOMPARE(formatResult(detail, plain), u"+ job #17 of web: success in 1 m 10 s\n"_s);
    }

    void listsJobs()
    {
        Job job = jobOf(JobState::Running);
        job.ref = u"v1"_s;
        job.commit = u"0123456789abcdef"_s;
        job.triggeredBy = u"ad\x1bmin"_s;
        const QString text = formatJobs({job}, plain, now);
        const QStringList lines = text.split(u'\n');
        QCOMPARE(lines.size(), 3);
        for (const char *part : {"#17", "web", "running", "v1", "0123456789", "1 m 20 s", "1 min ago", "ad min", "j1"})
            QVERIFY2(lines[1].contains(QLatin1StringView(part)), part);
        QVERIFY(!text.contains(u"0123456789a"));
        QCOMPARE(formatJobs({}, plain, now), u"no jobs\n"_s);
    }

    void showsAJob()
    {
        protocol::JobDetail detail{jobOf(JobState::Failure), {stepOf(1, OutcomeKind::Signalled, 137)}};
        detail.job.reason = u"step failed"_s;
        detail.job.params = {{u"k"_s, u"v"_s}};
        const QString text = formatJob(detail, plain, now);
        for (const char *part : {"job #17 of web", "failure", "1 m 10 s", "step failed", "k=v", "killed by signal 9"})
            QVERIFY2(text.contains(QLatin1StringView(part)), part);
        QVERIFY(!text.contains(u"retry of"));
    }

    void showsHealth()
    {
        const protocol::Health health{u"ok"_s, u"0.1.0"_s, milliseconds(60'000), {}};
        QCOMPARE(formatHealth(health, {true, {{u"store"_s, u"ok"_s}}}, plain),
                 u"danube-master 0.1.0 - ready - up 1 m 00 s\n  + store\n"_s);
        QVERIFY(formatHealth(health, {false, {{u"disk"_s, u"full"_s}}}, plain).contains(u"  x disk: full\n"));
    }

    void listsArtifactsAndPipelines()
    {
        const Artifact artifact{ArtifactId(u"a1"_s), JobId(u"j1"_s), u"x.tgz"_s, 1536_KiB, QByteArray(64, 'f'), {}};
        const QString text = formatArtifacts({artifact}, plain);
        QVERIFY(text.contains(u"x.tgz"_s) && text.contains(u"1.5 MiB") && text.contains(u"a1"));
        QCOMPARE(formatArtifacts({}, plain), u"no artifacts\n"_s);
        Pipeline pipeline;
        pipeline.name = u"web"_s;
        pipeline.repository = u"https://h/r.git"_s;
        QVERIFY(formatPipelines({pipeline}, plain).contains(u"https://h/r.git"));
        QCOMPARE(formatPipelines({}, plain), u"no pipelines\n"_s);
    }

    void mapsResultsToExitCodes()
    {
        QCOMPARE(exitCodeOf(JobState::Success), ExitCode::Success);
        QCOMPARE(exitCodeOf(JobState::Failure), ExitCode::Failure);
        QCOMPARE(exitCodeOf(JobState::Timeout), ExitCode::Timeout);
        QCOMPARE(exitCodeOf(JobState::Cancelled), ExitCode::Cancelled);
        for (const JobState open : {JobState::Pending, JobState::Scheduling, JobState::Running})
            QCOMPARE(exitCodeOf(open), ExitCode::Unknown);
        for (const ErrorCode code :
             {ErrorCode::InvalidArgument, ErrorCode::Unauthenticated, ErrorCode::PermissionDenied, ErrorCode::NotFound,
              ErrorCode::AlreadyExists, ErrorCode::Conflict})
            QCOMPARE(exitCodeOf(Error{code, {}}), ExitCode::Usage);
        for (const ErrorCode code :
             {ErrorCode::Unavailable, ErrorCode::Timeout, ErrorCode::Protocol, ErrorCode::DataLoss, ErrorCode::Io,
              ErrorCode::Internal, ErrorCode::ResourceExhausted, ErrorCode::Cancelled})
            QCOMPARE(exitCodeOf(Error{code, {}}), ExitCode::Unknown);
    }
};

QTEST_APPLESS_MAIN(TestFormat)
#include "tst_format.moc"
