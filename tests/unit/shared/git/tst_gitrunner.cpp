// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/git/gitrunner.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestGitRunner : public QObject
{
    Q_OBJECT
private:
    static git::Command command(const QStringList &arguments)
    {
        git::Command made;
        made.what = u"try"_s;
        made.arguments = arguments;
        made.directory = QDir::tempPath();
        return made;
    }
    /// A git that runs a shell command: an alias of this one invocation.
    static git::Command shell(const QString &script) { return command({u"-c"_s, u"alias.x=!"_s + script, u"x"_s}); }
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
        QFile file(pidFile);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto stat = u"/proc/%1/stat"_s.arg(QString::fromLatin1(file.readAll().trimmed()));
        const auto isGone = [&stat] {
            QFile state(stat);
            return !state.open(QIODevice::ReadOnly) || state.readAll().contains(") Z ");
        };
        QTRY_VERIFY(isGone());
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
        git::Runner runner(2, 3);
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

QTEST_GUILESS_MAIN(TestGitRunner)
#include "tst_gitrunner.moc"
