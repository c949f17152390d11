// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/sha256.h"
#include "tests/support/fakemaster.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const JobId job(u"01h4t9m2k8cq7xw3"_s);

WallTime at(int second)
{
    return WallTime(milliseconds(1'750'000'000'000)) + seconds(second);
}

Job jobOf(JobState state)
{
    Job result;
    result.id = job;
    result.number = 7;
    result.pipeline = u"web"_s;
    result.state = state;
    result.createdAt = at(0);
    result.startedAt = at(1);
    result.finishedAt = isFinal(state) ? at(9) : WallTime();
    return result;
}

Step stepOf(uint number, const QString &name, std::optional<int> exitCode)
{
    Step step;
    step.number = StepNumber(number);
    step.name = name;
    step.command = u"make "_s + name;
    step.startedAt = at(static_cast<int>(number));
    step.state = exitCode ? StepState::Finished : StepState::Running;
    if (exitCode) {
        step.finishedAt = at(static_cast<int>(number) + 1);
        step.outcome = StepOutcome{OutcomeKind::Exited, *exitCode, 0, seconds(1), {}};
    }
    return step;
}

/// One run of the program against a fake master of this process.
class Ctl
{
public:
    explicit Ctl(const QString &url)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : {"DANUBE_TOKEN", "DANUBE_TOKEN_FILE", "LC_ALL", "LANG", "LC_CTYPE"})
            environment.remove(QString::fromLatin1(name));
        environment.insert(u"DANUBE_URL"_s, url);
        m_process.setProcessEnvironment(environment);
    }
    void start(const QStringList &arguments)
    {
        m_process.start(QStringLiteral(DANUBE_BIN_DIR "/danubectl"), arguments);
    }
    /// Waits with the event loop running, since the master lives here too.
    int run(const QStringList &arguments)
    {
        start(arguments);
        return end();
    }
    int end()
    {
        const auto isOver = [this] { return m_process.state() == QProcess::NotRunning; };
        if (!QTest::qWaitFor(isOver, 20'000)) {
            m_process.kill();
            return -1;
        }
        out += m_process.readAllStandardOutput();
        err += m_process.readAllStandardError();
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -2;
    }
    bool waitForOutput(const QByteArray &text)
    {
        return QTest::qWaitFor(
            [&] {
                out += m_process.readAllStandardOutput();
                return out.contains(text);
            },
            20'000);
    }
    bool waitForError(const QByteArray &text)
    {
        return QTest::qWaitFor(
            [&] {
                err += m_process.readAllStandardError();
                return err.contains(text);
            },
            20'000);
    }
    void interrupt() { ::kill(static_cast<pid_t>(m_process.processId()), SIGINT); }

    QByteArray out;
    QByteArray err;

private:
    QProcess m_process;
};

} // namespace

class TestDanubectl : public QObject
{
    Q_OBJECT
private slots:
    void followsARunToItsEnd_data()
    {
        QTest::addColumn<JobState>("state");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("success") << JobState::Success << 0;
        QTest::newRow("failure") << JobState::Failure << 1;
        QTest::newRow("timeout") << JobState::Timeout << 3;
        QTest::newRow("cancelled") << JobState::Cancelled << 4;
    }
    void followsARunToItsEnd()
    {
        QFETCH(JobState, state);
        QFETCH(int, exitCode);
        FakeMaster master;
        master.onRun = [&](const Job &created) {
            Job ended = jobOf(state);
            ended.id = created.id;
            ended.number = created.number;
            master.setStep(created.id, stepOf(1, u"build"_s, 0));
            master.setStep(created.id, stepOf(2, u"check"_s, state == JobState::Success ? 0 : 3));
            master.print(created.id, StepNumber(1), "compiling", LogStream::Stdout, true, at(1));
            master.print(created.id, StepNumber(2), "checking", LogStream::Stderr, true, at(2));
            master.setJob(ended);
            master.endLog(created.id, state);
        };
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"run"_s, u"web"_s, u"--follow"_s, u"-p"_s, u"k=v"_s, u"--ref"_s, u"main"_s}), exitCode);
        QCOMPARE(ctl.err, QByteArray());
        QCOMPARE(master.count("POST", u"/api/v1/pipelines/web/run"_s), 1);
        QCOMPARE(master.requests().first().body, R"({"params":{"k":"v"},"ref":"main"})"_ba);
        for (const QByteArray &part :
             {"> 1 build"_ba, "make build"_ba, "\ncompiling\n"_ba, "+ 1 build - 1.0 s"_ba, "> 2 check"_ba,
              "\nchecking\n"_ba, "job #1 of web: "_ba + toText(state).toUtf8()})
            QVERIFY2(ctl.out.contains(part), (part + " missing in\n" + ctl.out).constData());
        QVERIFY(!ctl.out.contains('\x1b'));
        if (state != JobState::Success)
            QVERIFY2(ctl.out.contains("step 'check': exit code 3") && ctl.out.contains("--step 2"),
                     ctl.out.constData());
    }

    void survivesCutsAndARestartOfTheMaster()
    {
        FakeMaster master;
        QByteArray expected;
        master.setJob(jobOf(JobState::Running));
        int cuts = 0;
        master.log(job).cutAfter([&]() -> qint64 { return ++cuts <= 3 ? 5000 : -1; });
        for (int i = 0; i < 100; ++i) {
            master.print(job, StepNumber(1), "line " + QByteArray::number(i));
            expected += "line " + QByteArray::number(i) + '\n';
        }
        Ctl ctl(master.url().toString());
        ctl.start({u"logs"_s, u"-f"_s, job.value()});
        QVERIFY(ctl.waitForOutput("line 99\n"));
        master.server().stopListening();
        master.server().closeConnections();
        QVERIFY(ctl.waitForError("trying again"));
        master.print(job, StepNumber(1), "after the restart");
        master.setJob(jobOf(JobState::Success));
        master.endLog(job, JobState::Success);
        master.server().listenAgain();
        QCOMPARE(ctl.end(), 0);
        QCOMPARE(ctl.out, expected + "after the restart\n");
        QVERIFY(ctl.err.contains("connected again"));
        QVERIFY(cuts > 3);
    }

    void givesExactBytesToAPipe_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray odd("\xff\0\x1b[2J\r", 7);
        QTest::newRow("all") << QStringList{} << "[danube]\n"_ba + odd + "\nerr\nfrag\nment\n";
        QTest::newRow("step") << QStringList{u"--step"_s, u"1"_s} << odd + "\nerr\nfrag" + "ment\n";
        QTest::newRow("stream") << QStringList{u"--step"_s, u"1"_s, u"--stream"_s, u"stderr"_s} << "err\n"_ba;
        QTest::newRow("other step") << QStringList{u"--step"_s, u"2"_s} << QByteArray();
    }
    void givesExactBytesToAPipe()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, bytes);
        FakeMaster master;
        master.setJob(jobOf(JobState::Failure));
        master.print(job, StepNumber(1), "[danube]", LogStream::System);
        master.print(job, StepNumber(1), QByteArray("\xff\0\x1b[2J\r", 7));
        master.print(job, StepNumber(1), "err", LogStream::Stderr);
        master.print(job, StepNumber(1), "frag", LogStream::Stdout, false);
        master.print(job, StepNumber(1), "ment");
        master.endLog(job, JobState::Failure);
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run(QStringList{u"logs"_s, u"#7"_s} + options), 0);
        QCOMPARE(ctl.out, bytes);
        QCOMPARE(ctl.err, QByteArray());
    }

    void stopsAtTheHeadOfARunningJobsLog()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Running));
        master.print(job, StepNumber(1), "so far");
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"logs"_s, u"latest"_s}), 0);
        QCOMPARE(ctl.out, "so far\n"_ba);
    }

    void tellsALogThatIsNotWhatItsDigestSays()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Success));
        master.print(job, StepNumber(1), "one");
        const protocol::LogEnd end{JobState::Success, {}, 4, Sha256().finishHex()};
        master.log(job).append({"1:4:end", "end", QJsonDocument(protocol::toJson(end)).toJson(QJsonDocument::Compact)});
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"logs"_s, u"-f"_s, job.value()}), 5);
        QVERIFY(ctl.err.contains("digest"));
    }

    void ctrlCCancelsTheJobAndWaits()
    {
        FakeMaster master;
        master.onRun = [&](const Job &created) { master.print(created.id, StepNumber(0), "working"); };
        master.onCancel = [&](const JobId &id) {
            Job cancelled = *master.job(id);
            cancelled.state = JobState::Cancelled;
            master.setJob(cancelled);
            master.endLog(id, JobState::Cancelled);
        };
        Ctl ctl(master.url().toString());
        ctl.start({u"run"_s, u"web"_s, u"-f"_s});
        QVERIFY(ctl.waitForOutput("working"));
        ctl.interrupt();
        QCOMPARE(ctl.end(), 4);
        QVERIFY(ctl.out.contains("cancelled"));
        QVERIFY(ctl.err.contains("cancelling the job"));
    }

    void theSecondCtrlCLeaves()
    {
        FakeMaster master;
        master.onRun = [&](const Job &created) { master.print(created.id, StepNumber(0), "working"); };
        master.onCancel = [](const JobId &) {};
        Ctl ctl(master.url().toString());
        ctl.start({u"run"_s, u"web"_s, u"-f"_s});
        QVERIFY(ctl.waitForOutput("working"));
        ctl.interrupt();
        QVERIFY(ctl.waitForError("leaves without waiting"));
        ctl.interrupt();
        QCOMPARE(ctl.end(), 130);
    }

    void printsTheApisOwnJson()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Running));
        const QByteArray document = R"({"id":"01h4t9m2k8cq7xw3","state":"running","steps":[],"new_member":{"x":1}})";
        master.on("GET", u"/api/v1/jobs/"_s + job.value(),
                  [document](const FakeRequest &) { return FakeReply{.body = document}; });
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"job"_s, job.value(), u"--json"_s}), 0);
        QCOMPARE(ctl.out, document + '\n');
    }

    void followsAsOneDocumentALine()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Success));
        master.print(job, StepNumber(1), "one");
        master.endLog(job, JobState::Success);
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"logs"_s, u"-f"_s, u"--json"_s, job.value()}), 0);
        const auto lines = ctl.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QCOMPARE(protocol::logLineFromJson(lines.first())->bytes, "one"_ba);
        QVERIFY(protocol::logEndFromJson(QJsonDocument::fromJson(lines.last()).object()));
    }

    void listsJobsPageByPage()
    {
        FakeMaster master;
        for (int i = 1; i <= 1005; ++i) {
            Job one = jobOf(JobState::Success);
            one.id = JobId(u"j%1"_s.arg(i));
            one.number = i;
            master.setJob(one);
        }
        Ctl some(master.url().toString());
        QCOMPARE(some.run({u"jobs"_s, u"-n"_s, u"3"_s}), 0);
        QCOMPARE(some.out.count('\n'), 4);
        Ctl all(master.url().toString());
        QCOMPARE(all.run({u"jobs"_s, u"--all"_s}), 0);
        QCOMPARE(all.out.count('\n'), 1006);
        Ctl old(master.url().toString());
        QCOMPARE(old.run({u"job"_s, u"2"_s}), 0);
        QVERIFY(old.out.contains("#2 of web"));
    }

    void cancelsAndRetries()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Running));
        Ctl cancel(master.url().toString());
        QCOMPARE(cancel.run({u"cancel"_s, u"7"_s}), 0);
        QCOMPARE(master.job(job)->state, JobState::Cancelled);
        Ctl again(master.url().toString());
        QCOMPARE(again.run({u"cancel"_s, u"7"_s}), 2);
        QCOMPARE(again.err.count('\n'), 1);
        Ctl retry(master.url().toString());
        QCOMPARE(retry.run({u"retry"_s, u"7"_s}), 0);
        QCOMPARE(master.count("POST", u"/api/v1/jobs/%1/retry"_s.arg(job.value())), 1);
    }

    void downloadsArtifacts()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Success));
        QTemporaryDir directory;
        for (const char *name : {"dist/a.tgz", "b.txt"}) {
            const QByteArray content = QByteArray("content of ") + name;
            Sha256 hash;
            hash.add(content);
            master.addArtifact({ArtifactId(QString::fromLatin1(name).replace(u'/', u'-')),
                                job,
                                QString::fromLatin1(name),
                                ByteCount(content.size()),
                                hash.finishHex(),
                                {}},
                               content);
        }
        Ctl list(master.url().toString());
        QCOMPARE(list.run({u"artifacts"_s, job.value()}), 0);
        QVERIFY(list.out.contains("dist/a.tgz") && list.out.contains("b.txt"));
        Ctl all(master.url().toString());
        QCOMPARE(all.run({u"artifacts"_s, job.value(), u"--all"_s, u"-o"_s, directory.filePath(u"out"_s)}), 0);
        QFile file(directory.filePath(u"out/dist/a.tgz"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "content of dist/a.tgz"_ba);
        Ctl missing(master.url().toString());
        QCOMPARE(missing.run({u"artifacts"_s, job.value(), u"-d"_s, u"nope"_s}), 2);
    }

    void neverWritesOutsideTheDirectory()
    {
        FakeMaster master;
        master.setJob(jobOf(JobState::Success));
        master.addArtifact({ArtifactId(u"a"_s), job, u"../evil"_s, ByteCount(1), "00", {}}, "x");
        QTemporaryDir directory;
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"artifacts"_s, job.value(), u"--all"_s, u"-o"_s, directory.filePath(u"out"_s)}), 5);
        QVERIFY(!QFile::exists(directory.filePath(u"evil"_s)));
    }

    void failsWithOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status"); // everything is refused with it; 0 = nothing
        QTest::addColumn<int>("exitCode");
        QTest::newRow("no command") << QStringList{} << 0 << 2;
        QTest::newRow("bad url") << QStringList{u"jobs"_s, u"--url"_s, u"ftp://x"_s} << 0 << 2;
        QTest::newRow("bad colour") << QStringList{u"jobs"_s, u"--color"_s, u"pink"_s} << 0 << 2;
        QTest::newRow("no token file") << QStringList{u"jobs"_s, u"--token-file"_s, u"/no/such"_s} << 0 << 2;
        QTest::newRow("unreachable") << QStringList{u"jobs"_s, u"--url"_s, u"127.0.0.1:1"_s} << 0 << 5;
        QTest::newRow("no such job") << QStringList{u"job"_s, u"nope"_s} << 0 << 2;
        QTest::newRow("no such number") << QStringList{u"job"_s, u"#9"_s} << 0 << 2;
        QTest::newRow("no job") << QStringList{u"logs"_s, u"No/Job"_s} << 0 << 2;
        QTest::newRow("log of no job") << QStringList{u"logs"_s, u"-f"_s, u"nope"_s} << 404 << 2;
        QTest::newRow("bad step") << QStringList{u"logs"_s, u"latest"_s, u"--step"_s, u"x"_s} << 0 << 2;
        QTest::newRow("bad stream") << QStringList{u"logs"_s, u"latest"_s, u"--stream"_s, u"x"_s} << 0 << 2;
        QTest::newRow("sign in") << QStringList{u"jobs"_s} << 401 << 2;
        QTest::newRow("forbidden") << QStringList{u"run"_s, u"web"_s} << 403 << 2;
        QTest::newRow("broken master") << QStringList{u"pipelines"_s} << 500 << 5;
        QTest::newRow("draining") << QStringList{u"run"_s, u"web"_s, u"-f"_s} << 503 << 5;
        QTest::newRow("health of none") << QStringList{u"health"_s, u"--url"_s, u"127.0.0.1:1"_s} << 0 << 5;
    }
    void failsWithOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(int, exitCode);
        FakeMaster master;
        if (status != 0)
            master.refuseAll(status);
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run(arguments), exitCode);
        QCOMPARE(ctl.out, QByteArray());
        QVERIFY2(ctl.err.startsWith("danubectl: ") && ctl.err.count('\n') == 1, ctl.err.constData());
    }

    void tellsHealthByExitCode()
    {
        FakeMaster master;
        Ctl good(master.url().toString());
        QCOMPARE(good.run({u"health"_s}), 0);
        QVERIFY(good.out.contains("ready"));
        master.on("GET", u"/health/ready"_s, [](const FakeRequest &) {
            return FakeReply{.status = 503, .body = R"({"ready":false,"checks":{"disk":"full"}})"};
        });
        Ctl bad(master.url().toString());
        QCOMPARE(bad.run({u"health"_s}), 1);
        QVERIFY(bad.out.contains("disk: full"));
    }

    void tellsVersions()
    {
        FakeMaster master;
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"version"_s}), 0);
        QVERIFY(ctl.out.startsWith("danubectl ") && ctl.out.contains("danube-master 0.1.0 at http://127.0.0.1:"));
    }

    void sendsTheTokenOfTheFile()
    {
        FakeMaster master;
        master.requireToken("s3cret");
        QTemporaryDir directory;
        QFile file(directory.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("s3cret\n");
        file.close();
        Ctl ctl(master.url().toString());
        QCOMPARE(ctl.run({u"pipelines"_s, u"--token-file"_s, file.fileName()}), 0);
        QCOMPARE(ctl.out, "no pipelines\n"_ba);
    }
};

QTEST_GUILESS_MAIN(TestDanubectl)
#include "tst_danubectl.moc"
