// SPDX-License-Identifier: GPL-3.0-or-later
// A main window with settings and cache of its own, and a fake master that holds jobs like those of resources/examples.
#pragma once

#include "console/app/consolestyle.h"
#include "console/app/mainwindow.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakemaster.h"

#include <QDirIterator>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace danube::tests {

inline constexpr WallTime sampleNow{milliseconds(1'750'000'600'000)};

inline Job sampleJob(int number, const QString &pipeline, JobState state)
{
    Job job;
    job.id = JobId(QStringLiteral("job%1").arg(number, 6, 10, QLatin1Char('0')));
    job.number = number;
    job.pipeline = pipeline;
    job.state = state;
    job.branch = QStringLiteral("main");
    job.commit = QStringLiteral("3f2a7719c0d84b5e6a917b0c2d4e6f8091a2b3c4");
    job.triggerType = QStringLiteral("api");
    job.triggeredBy = QStringLiteral("admin");
    job.createdAt = sampleNow - seconds(300) + milliseconds(number);
    if (state != JobState::Pending)
        job.startedAt = job.createdAt + milliseconds(1400);
    if (isFinal(state))
        job.finishedAt = job.startedAt + seconds(42);
    return job;
}

inline Step sampleStep(uint32_t number, const QString &name, WallTime start, std::optional<StepOutcome> outcome)
{
    Step step;
    step.number = StepNumber(number);
    step.name = name;
    step.command = name;
    step.startedAt = start;
    step.state = outcome ? StepState::Finished : StepState::Running;
    if (outcome)
        step.finishedAt = start + outcome->duration;
    step.outcome = std::move(outcome);
    return step;
}

inline StepOutcome exited(int code, milliseconds duration)
{
    return {OutcomeKind::Exited, code, 0, duration, {}};
}

class Sample
{
public:
    explicit Sample(console::Desktop with = {}) : desktop(std::move(with)) { console::installLook(); }

    tests::FakeMaster master;
    tests::FakeClock clock{sampleNow};
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    console::LogCache cache{folder.filePath(QStringLiteral("logs")), 100_MiB};
    console::Theme theme;
    console::Desktop desktop;
    std::unique_ptr<console::MainWindow> window =
        std::make_unique<console::MainWindow>(theme, settings, cache, clock, desktop);

    /// As when the program ends and is started again with the same settings.
    void restart()
    {
        window->close();
        window.reset();
        settings.sync();
        window = std::make_unique<console::MainWindow>(theme, settings, cache, clock, desktop);
    }
    /// Every byte the console wrote: settings and cache.
    QByteArray written()
    {
        settings.sync();
        QByteArray all;
        QDirIterator files(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly))
                all += file.fileName().toUtf8() + '\n' + file.readAll() + '\n';
        }
        return all;
    }

    Result<console::MasterSession *> connectWindow(console::ProfileKind kind = console::ProfileKind::Development)
    {
        return window->connectTo({QStringLiteral("build-master"), master.url().toString(), kind}, Secret("token"));
    }

    /// What ./dev run leaves: one success, one failure, one that still runs four steps.
    void addExamples()
    {
        addCompiled();
        addFailing();
        addParallel();
    }

    void addCompiled()
    {
        const Job job = sampleJob(1, QStringLiteral("c"), JobState::Success);
        master.setJob(job);
        master.setStep(job.id, sampleStep(1, QStringLiteral("configure"), job.startedAt, exited(0, seconds(4))));
        master.setStep(job.id,
                       sampleStep(2, QStringLiteral("make"), job.startedAt + seconds(4), exited(0, seconds(31))));
        master.setStep(job.id,
                       sampleStep(3, QStringLiteral("make test"), job.startedAt + seconds(35), exited(0, seconds(6))));
        print(job.id, 1, "checking for gcc... \x1b[32myes\x1b[0m");
        print(job.id, 1, "checking for library containing sqrt... \x1b[32m-lm\x1b[0m");
        for (int i = 1; i <= 40; ++i)
            print(job.id, 2,
                  "[\x1b[36m" + QByteArray::number(i * 100 / 40) + "%\x1b[0m] Building C object src/module_" +
                      QByteArray::number(i) + ".c.o");
        print(
            job.id, 2,
            "src/parser.c:118:9: \x1b[1;35mwarning:\x1b[0m unused variable \x1b[1m'length'\x1b[0m [-Wunused-variable]",
            LogStream::Stderr);
        print(job.id, 3, "10 %\r55 %\r100 % \x1b[32mpassed\x1b[0m, 0 errors");
        master.endLog(job.id, JobState::Success);
    }

    void addFailing()
    {
        Job job = sampleJob(2, QStringLiteral("failing"), JobState::Failure);
        job.reason = QStringLiteral("step 2 \"test\" failed: exit code 3");
        master.setJob(job);
        master.setStep(job.id, sampleStep(1, QStringLiteral("build"), job.startedAt, exited(0, seconds(12))));
        master.setStep(job.id,
                       sampleStep(2, QStringLiteral("test"), job.startedAt + seconds(12), exited(3, seconds(30))));
        print(job.id, 1, "gcc -O2 -o demo demo.c");
        for (int i = 1; i <= 12; ++i)
            print(job.id, 2, "test_" + QByteArray::number(i) + " ... \x1b[32mok\x1b[0m");
        print(job.id, 2, "test_13 ... \x1b[31;1mFAILED\x1b[0m", LogStream::Stderr);
        print(job.id, 2, "\x1b[41;97m ERROR \x1b[0m expected \x1b[33m42\x1b[0m, got \x1b[38;2;255;120;0m41\x1b[0m",
              LogStream::Stderr);
        print(job.id, 2,
              QByteArray("tab\tseparated\tcolumns, caf\xc3\xa9, \xe6\x97\xa5\xe6\x9c\xac, NUL:") + '\0' +
                  ", bad:\xff.");
        master.endLog(job.id, JobState::Failure);
    }

    void addParallel()
    {
        const Job job = sampleJob(3, QStringLiteral("parallel"), JobState::Running);
        master.setJob(job);
        const WallTime start = job.startedAt;
        master.setStep(job.id, sampleStep(1, QStringLiteral("flood 200 MB"), start, std::nullopt));
        master.setStep(job.id, sampleStep(2, QStringLiteral("sleeps too long"), start + seconds(1),
                                          StepOutcome{OutcomeKind::Timeout, -1, 9, seconds(60), {}}));
        master.setStep(
            job.id, sampleStep(3, QStringLiteral("deploy with a secret"), start + seconds(1), exited(0, seconds(120))));
        master.setStep(job.id, sampleStep(4, QStringLiteral("lint"), start + seconds(2), std::nullopt));
        for (int i = 1; i <= 400; ++i)
            print(job.id, i % 7 == 0 ? 4 : 1,
                  "line " + QByteArray::number(i) + " of much output: 0123456789abcdef 0123456789abcdef",
                  i % 7 == 0 ? LogStream::Stderr : LogStream::Stdout);
    }

    void addMany(int count)
    {
        static const JobState states[] = {JobState::Success,   JobState::Success, JobState::Failure, JobState::Success,
                                          JobState::Cancelled, JobState::Timeout, JobState::Running, JobState::Pending};
        static const QStringList pipelines{QStringLiteral("web-shop"), QStringLiteral("firmware"),
                                           QStringLiteral("docs"), QStringLiteral("nightly-benchmarks")};
        for (int number = 1; number <= count; ++number) {
            Job job = sampleJob(number, pipelines[number % pipelines.size()], states[number % 8]);
            if (number % 5 == 0)
                job.branch = QStringLiteral("feature/search-%1").arg(number % 17);
            master.setJob(job);
        }
    }

    void print(const JobId &job, uint32_t step, const QByteArray &line, LogStream stream = LogStream::Stdout)
    {
        master.print(job, StepNumber(step), line, stream);
    }
};

} // namespace danube::tests
