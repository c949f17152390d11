// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/git/gitrunner.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

const auto startsGit = u"starts-git"_s; ///< as the first argument: this program is the one whose git must die with it

git::Command command(const QStringList &arguments)
{
    git::Command made;
    made.what = u"try"_s;
    made.arguments = arguments;
    made.directory = QDir::tempPath();
    return made;
}

/// A git that runs a shell command: an alias of this one invocation.
git::Command shell(const QString &script)
{
    return command({u"-c"_s, u"alias.x=!"_s + script, u"x"_s});
}

git::Command at(const QString &host, const QString &script)
{
    auto made = shell(script);
    made.lane = git::Lane::Remote;
    made.host = host;
    return made;
}

/// What a shell wrote as one line; empty as long as it has not.
QString lineIn(const QString &path)
{
    QFile file(path);
    const auto text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    return text.endsWith('\n') ? QString::fromLatin1(text.trimmed()) : QString();
}

bool isGone(const QString &pid)
{
    QFile state(u"/proc/%1/stat"_s.arg(pid));
    return !state.open(QIODevice::ReadOnly) || state.readAll().contains(") Z ");
}

int runAGit(QCoreApplication &application, const QString &pidFile)
{
    git::Runner runner;
    runner.run(shell(u"echo $PPID >%1; exec sleep 30"_s.arg(pidFile)), &application,
               [](const Result<git::Finished> &) {});
    return QCoreApplication::exec();
}

} // namespace

class TestGitRunner : public QObject
{
    Q_OBJECT
private:
    std::optional<Result<git::Finished>> run(git::Runner &runner, const git::Command &what)
    {
        std::optional<Result<git::Finished>> result;
        runner.run(what, this, [&result](Result<git::Finished> finished) { result = std::move(finished); });
        (void)QTest::qWaitFor([&result] { return result.has_value(); }, 20'000);
        return result;
    }

private slots:
    void removesCredentials_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        QTest::newRow("none") << u"https://example.org/a"_s << u"https://example.org/a"_s;
        QTest::newRow("password") << u"at 'https://me:pw@example.org/a': no"_s << u"at 'https://example.org/a': no"_s;
        QTest::newRow("token") << u"x https://ghp_secret@h/a y"_s << u"x https://h/a y"_s;
        QTest::newRow("two") << u"ssh://a:b@h/ https://c@i/"_s << u"ssh://h/ https://i/"_s;
        QTest::newRow("at in password") << u"https://a:b@c@h/"_s << u"https://h/"_s;
    }
    void removesCredentials()
    {
        QFETCH(QString, text);
        QTEST(git::withoutCredentials(text), "clean");
    }
    void showsTheFirstFatalLine()
    {
        QCOMPARE(git::complaintOf("warning: a\nfatal: repository 'https://u:p@h/x' not found\nfatal: more\nhint: b\n"),
                 u"repository 'https://h/x' not found"_s);
        QCOMPARE(git::complaintOf("ssh: connect refused\n"), u"ssh: connect refused"_s);
        QVERIFY(git::complaintOf("").isEmpty());
    }
    void givesOutputAndExitCode()
    {
        git::Runner runner;
        const auto good = run(runner, shell(u"cat; exit 3"_s));
        QVERIFY(good && *good);
        QCOMPARE((*good)->exitCode, 3);
        auto fed = shell(u"cat"_s);
        fed.input = "abc";
        QCOMPARE((*run(runner, fed))->output, "abc");
    }
    void ignoresUserConfigurationAndHooks()
    {
        git::Runner runner;
        QTemporaryDir home;
        QFile config(home.filePath(u".gitconfig"_s));
        QVERIFY(config.open(QIODevice::WriteOnly) && config.write("[user]\n\tname = Somebody\n") > 0);
        config.close();
        qputenv("HOME", home.path().toUtf8());
        const auto name = run(runner, command({u"config"_s, u"user.name"_s}));
        QCOMPARE((*name)->exitCode, 1);
        const auto hooks = run(runner, command({u"config"_s, u"core.hooksPath"_s}));
        QCOMPARE((*hooks)->output, "/dev/null\n");
    }
    void refusesOtherProtocols()
    {
        git::Runner runner;
        auto list = command({u"ls-remote"_s, u"--"_s, u"file:///tmp"_s});
        list.protocols = {u"https"_s};
        const auto refused = run(runner, list);
        QVERIFY((*refused)->exitCode != 0);
        QVERIFY2((*refused)->complaint.contains("not allowed"_L1), qPrintable((*refused)->complaint));
    }
    void killsTheWholeTreeAtTheDeadline()
    {
        git::Runner runner;
        QTemporaryDir dir;
        const auto pidFile = dir.filePath(u"pid"_s);
        auto slow = shell(u"sleep 60 & echo $! >%1; wait"_s.arg(pidFile));
        slow.timeout = milliseconds(700);
        QElapsedTimer timer;
        timer.start();
        const auto late = run(runner, slow);
        QVERIFY(late && !*late);
        QCOMPARE(late->error().code, ErrorCode::Timeout);
        QCOMPARE(late->error().message, u"try: no result within 0.7 s"_s);
        QVERIFY(timer.elapsed() < 10'000);
        const auto pid = lineIn(pidFile);
        QVERIFY(!pid.isEmpty());
        QTRY_VERIFY(isGone(pid));
    }
    void diesWithWhoStartedIt()
    {
        const QTemporaryDir dir;
        const auto pidFile = dir.filePath(u"pid"_s);
        QProcess starter;
        starter.start(QCoreApplication::applicationFilePath(), {startsGit, pidFile});
        QTRY_VERIFY_WITH_TIMEOUT(!lineIn(pidFile).isEmpty(), 20'000);
        const auto pid = lineIn(pidFile);
        QVERIFY(!isGone(pid));
        starter.kill(); // no destructor, no signal handler
        QVERIFY(starter.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(isGone(pid), 15'000);
    }
    void collectsNoGarbageUnasked()
    {
        git::Runner runner;
        QCOMPARE((*run(runner, command({u"config"_s, u"gc.auto"_s})))->output, "0\n");
        QCOMPARE((*run(runner, command({u"config"_s, u"maintenance.auto"_s})))->output, "false\n");
    }
    void knowsADamagedRepository_data()
    {
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<bool>("isDamaged");
        QTest::newRow("reference") << 1 << QByteArray("fatal: bad object refs/heads/main\nerror: x\n") << true;
        QTest::newRow("object") << 128 << QByteArray("error: object file ./objects/0a/40 is empty\n") << true;
        QTest::newRow("list") << 128 << QByteArray("fatal: unexpected line in ./packed-refs: x\n") << true;
        QTest::newRow("said late") << 128 << QByteArray("error: inflate\nfatal: packed object 0a is corrupt\n") << true;
        QTest::newRow("warning") << 0 << QByteArray("error: object file ./objects/0a/40 is empty\n") << false;
        QTest::newRow("away") << 128 << QByteArray("fatal: Could not read from remote repository.\n") << false;
        QTest::newRow("nothing there") << 128 << QByteArray("fatal: '/a' does not appear to be a git repository\n")
                                       << false;
        QTest::newRow("theirs") << 128 << QByteArray("remote: fatal: bad object\nfatal: early EOF\n") << false;
    }
    void knowsADamagedRepository()
    {
        QFETCH(int, exitCode);
        QFETCH(QByteArray, said);
        const git::Finished finished{exitCode, {}, git::complaintOf(said), git::saysDamaged(said)};
        QTEST(finished.isDamaged(), "isDamaged");
    }
    void boundsOutput()
    {
        git::Runner runner;
        const auto much = run(runner, shell(u"head -c 9000000 /dev/zero"_s));
        QVERIFY(much && !*much);
        QCOMPARE(much->error().code, ErrorCode::Protocol);
    }
    void boundsMemory()
    {
        git::Runner runner;
        auto hashing = shell(u"head -c 300000000 /dev/zero | git hash-object --stdin"_s);
        hashing.largestMemory = 128 << 20;
        const auto refused = run(runner, hashing);
        QVERIFY(refused && *refused && !(*refused)->isSuccess());
        const Error error = git::refusal(hashing, **refused);
        QCOMPARE(error.code, ErrorCode::ResourceExhausted);
        QVERIFY2(error.message.contains("needs more than 128 MiB of memory"_L1), qPrintable(error.message));
    }
    void runsTwoAtOnceAndBoundsTheQueue()
    {
        git::Runner runner({.local = 2}, 3);
        QTemporaryDir dir;
        // Each counts how many run while it runs.
        const auto script = u"mkdir %1/$$; ls %1 | wc -l; sleep 0.2; rmdir %1/$$"_s.arg(dir.path());
        QByteArrayList counts;
        QList<ErrorCode> refused;
        for (int i = 0; i < 4; ++i) {
            runner.run(shell(script), this, [&](Result<git::Finished> finished) {
                if (finished)
                    counts.append(finished->output.trimmed());
                else
                    refused.append(finished.error().code);
            });
        }
        QTRY_COMPARE_WITH_TIMEOUT(counts.size() + refused.size(), 4, 10'000);
        QCOMPARE(refused, QList{ErrorCode::ResourceExhausted});
        QVERIFY(std::ranges::all_of(counts, [](const QByteArray &n) { return n == "1" || n == "2"; }));
    }
    void aHostThatHangsTakesNoPlaceFromOthers()
    {
        git::Runner runner;
        for (int i = 0; i < 20; ++i)
            runner.run(at(u"hangs"_s, u"sleep 600"_s), this, [](const Result<git::Finished> &) {});
        auto upkeep = shell(u"sleep 600"_s);
        upkeep.lane = git::Lane::Upkeep;
        runner.run(upkeep, this, [](const Result<git::Finished> &) {});
        runner.run(upkeep, this, [](const Result<git::Finished> &) {});
        const auto other = run(runner, at(u"answers"_s, u"echo a"_s));
        QVERIFY(other && *other);
        QCOMPARE((*other)->output, "a\n");
        const auto local = run(runner, shell(u"echo b"_s));
        QVERIFY(local && *local);
        QCOMPARE((*local)->output, "b\n");
    }
    void boundsWhatMeetsOneHost()
    {
        git::Runner runner({.remote = 3, .ofHost = 2});
        const QTemporaryDir dir;
        const auto script = u"mkdir %1/%2.$$; ls %1 | grep -c %2; ls %1 | wc -l; sleep 0.2; rmdir %1/%2.$$"_s;
        QList<int> ofHost;
        QList<int> together;
        for (int i = 0; i < 12; ++i) {
            const auto host = i < 8 ? u"a"_s : u"b"_s;
            runner.run(at(host, script.arg(dir.path(), host)), this, [&](const Result<git::Finished> &finished) {
                const auto lines = finished ? finished->output.split('\n') : QByteArrayList();
                ofHost.append(lines.value(0).toInt());
                together.append(lines.value(1).toInt());
            });
        }
        QTRY_COMPARE_WITH_TIMEOUT(together.size(), 12, 30'000);
        QVERIFY(std::ranges::all_of(ofHost, [](int n) { return n == 1 || n == 2; }));
        QVERIFY(std::ranges::all_of(together, [](int n) { return n >= 1 && n <= 3; }));
    }
    void staysSilentForAContextThatIsGone()
    {
        git::Runner runner;
        bool called = false;
        auto context = std::make_unique<QObject>();
        runner.run(shell(u"true"_s), context.get(), [&called](const Result<git::Finished> &) { called = true; });
        context.reset();
        QVERIFY(run(runner, shell(u"true"_s)));
        QVERIFY(!called);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.value(1) == startsGit)
        return runAGit(application, arguments.value(2));
    TestGitRunner test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_gitrunner.moc"
