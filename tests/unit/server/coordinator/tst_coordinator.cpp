// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself with python3 and git, against the master's real RPC server whose engine is scripted.
#include "tests/support/gitrepository.h"
#include "tests/support/rpcfixture.h"

#include <QProcess>
#include <QTest>

#include <csignal>

using namespace danube;
using namespace Qt::StringLiterals;

class TestCoordinator : public QObject
{
    Q_OBJECT
private:
    /// One job's directories, its repository and its coordinator.
    struct Job
    {
        tests::RpcFixture rpc;
        QTemporaryDir dir;
        tests::GitRepository origin{dir.filePath(u"origin"_s)};
        QString workspace = dir.filePath(u"workspace"_s);
        QProcess process;
        QProcessEnvironment environment;

        explicit Job(const QByteArray &script)
        {
            QDir().mkpath(workspace);
            origin.commit(u"src/main.c"_s, "int main;\n");
            const auto commit = origin.commit(u"danubefile.py"_s, script);
            rpc.backend.bundlePath = dir.filePath(u"made.bundle"_s);
            origin.git({u"bundle"_s, u"create"_s, u"-q"_s, rpc.backend.bundlePath, u"HEAD"_s});
            QFile token(dir.filePath(u"token"_s));
            if (!token.open(QIODevice::WriteOnly) || token.write(rpc.token() + '\n') < 0)
                qFatal("cannot write the token");
            environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
            set("JOB_ID", rpc.backend.running.value());
            set("RPC_URL", u"http://127.0.0.1:%1"_s.arg(rpc.port));
            set("TOKEN_FILE", token.fileName());
            set("WORKSPACE", workspace);
            set("PRIVATE_DIR", dir.filePath(u"private"_s));
            set("SDK_DIR", QStringLiteral(DANUBE_SOURCE_DIR "/resources/sdk"));
            set("SCRIPT", u"danubefile.py"_s);
            set("REPOSITORY", u"https://example.org/project.git"_s);
            set("BRANCH", u"main"_s);
            set("COMMIT_SHA", commit);
            set("PARAMS", u"{\"Level\":\"3\"}"_s);
        }
        void set(const char *name, const QString &value)
        {
            environment.insert(u"DANUBE_"_s + QLatin1StringView(name), value);
        }
        void start()
        {
            process.setProcessEnvironment(environment);
            process.start(QStringLiteral(DANUBE_BIN_DIR "/danube-coordinator"), QStringList());
        }
        /// The exit code, or -1000 when it does not end. The RPC server lives in other threads, the backend in this
        /// one.
        int wait()
        {
            if (!QTest::qWaitFor([this] { return process.state() == QProcess::NotRunning; }, 30'000))
                return -1000;
            return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -process.exitCode();
        }
        int run()
        {
            start();
            return wait();
        }
        QByteArray output() { return process.readAllStandardOutput(); }
        QByteArray errors() { return process.readAllStandardError(); }
    };

private slots:
    void runsTheScriptOfTheExactCommit()
    {
        Job job("from danube import ctx, step, secrets, artifacts\n"
                "assert ctx.branch == 'main' and ctx.params['Level'] == '3', ctx\n"
                "assert ctx.repo == 'https://example.org/project.git'\n"
                "result = step.run('make', timeout=5)\n"
                "assert result.ok and result.outcome == 'exited', result\n"
                "assert secrets.get('TOKEN') == 's3cret'\n"
                "kept = artifacts.upload('src/main.c', 'sources')\n"
                "assert kept.size_bytes == 10 and kept.name == 'sources', kept\n"
                "print('all done')\n");
        QCOMPARE(job.run(), 0);
        const auto output = job.output();
        QVERIFY2(output.contains("https://example.org/project.git at "), output.constData());
        QVERIFY(output.endsWith("all done\n"));
        QCOMPARE(job.errors(), "");
        QCOMPARE(job.rpc.backend.stepsStarted, 1);
        QCOMPARE(job.rpc.backend.statusReports, 1);
        QVERIFY(QFile::exists(job.workspace + u"/src/main.c"_s));
        QCOMPARE(tests::GitRepository::run(job.workspace, {u"rev-parse"_s, u"HEAD"_s}),
                 job.environment.value(u"DANUBE_COMMIT_SHA"_s));
    }
    void exitsAsTheScriptDoes_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("plain end") << "pass\n"_ba << 0 << ""_ba;
        QTest::newRow("sys.exit") << "import sys; sys.exit(7)\n"_ba << 7 << ""_ba;
        QTest::newRow("exception") << "raise ValueError('bad thing')\n"_ba << 1 << "ValueError: bad thing"_ba;
        QTest::newRow("syntax error") << "def (:\n"_ba << 1 << "SyntaxError"_ba;
        QTest::newRow("refused secret") << "from danube import secrets; secrets.get('OTHER')\n"_ba << 1
                                        << "DanubeError: no secret of that name"_ba;
        QTest::newRow("signal") << "import os; os.kill(os.getpid(), 9)\n"_ba << 137 << ""_ba;
        QTest::newRow("main function")
            << "from danube import pipeline\n@pipeline\ndef go():\n    raise SystemExit(4)\n"_ba << 4 << ""_ba;
        QTest::newRow("artifact outside")
            << "from danube import artifacts; artifacts.upload('/etc/passwd')\n"_ba << 1 << "outside the workspace"_ba;
    }
    void exitsAsTheScriptDoes()
    {
        QFETCH(QByteArray, script);
        QFETCH(QByteArray, says);
        Job job(script);
        QTEST(job.run(), "exitCode");
        const auto errors = job.errors();
        QVERIFY2(errors.contains(says), errors.constData());
        if (says.isEmpty())
            QCOMPARE(errors, "");
    }
    void saysInOneLineWhichStepFailed()
    {
        Job job("from danube import step\nstep.run('exit 3', name='tests')\nprint('never')\n");
        job.rpc.backend.stepsEndAtOnce = false;
        job.start();
        QTRY_COMPARE_WITH_TIMEOUT(job.rpc.backend.waiting.size(), 1, 20'000);
        QCOMPARE(job.rpc.backend.waiting.first().first.stepName, u"tests"_s);
        job.rpc.backend.endSteps(3);
        QCOMPARE(job.wait(), 1);
        QCOMPARE(job.errors(), "danube: step 'tests' failed: exit code 3\n");
        QVERIFY(!job.output().contains("never"));
    }
    void runsManyStepsAtOnce()
    {
        Job job("from danube import step\n"
                "results = step.parallel([f'echo {n}' for n in range(40)])\n"
                "assert len(results) == 40 and all(r.ok for r in results)\n");
        job.rpc.backend.stepsEndAtOnce = false;
        job.start();
        QTRY_COMPARE_WITH_TIMEOUT(job.rpc.backend.waiting.size(), 40, 20'000);
        QSet<QString> requests;
        for (const auto &[request, done] : job.rpc.backend.waiting)
            requests.insert(request.request.value());
        QCOMPARE(requests.size(), 40);
        job.rpc.backend.endSteps(0);
        QCOMPARE(job.wait(), 0);
    }
    void givesTheScriptNoWayToTheToken()
    {
        Job job("import os\n"
                "parent = os.getppid()\n"
                "assert 'DANUBE_TOKEN_FILE' not in os.environ and 'DANUBE_RPC_URL' not in os.environ\n"
                "assert 'DANUBE_CHANNEL_FD' in os.environ\n"
                "from danube import secrets\n"
                "secrets.get('TOKEN')\n"
                "assert 'DANUBE_CHANNEL_FD' not in os.environ\n"
                "import subprocess\n"
                "assert subprocess.run(['sh', '-c', 'ls /proc/self/fd | wc -l'], capture_output=True).stdout.strip() "
                "== b'4'\n"
                "if os.getuid() != 0:\n"
                "    try:\n"
                "        open(f'/proc/{parent}/mem', 'rb')\n"
                "        raise SystemExit('the coordinator can be read')\n"
                "    except PermissionError:\n"
                "        pass\n");
        const int code = job.run();
        QVERIFY2(code == 0, job.errors().constData());
    }
    void isolatesThePythonFromTheWorkspace()
    {
        // A step cannot smuggle modules into the script: neither by the workspace nor by PYTHONPATH.
        Job job("import json, os, sys\n"
                "assert sys.flags.isolated and sys.dont_write_bytecode\n"
                "assert '' not in sys.path and os.getcwd() not in sys.path\n"
                "assert not any('/workspace' in entry for entry in sys.path), sys.path\n"
                "assert os.getcwd().endswith('/private/source')\n");
        QFile planted(job.workspace + u"/json.py"_s);
        QVERIFY(planted.open(QIODevice::WriteOnly) && planted.write("raise SystemExit(99)\n") > 0);
        planted.close();
        job.environment.insert(u"PYTHONPATH"_s, job.workspace);
        const int code = job.run();
        QVERIFY2(code == 0, job.errors().constData());
    }
    void refusesAWrongCommit()
    {
        Job job("pass\n");
        job.set("COMMIT_SHA", QString(40, u'1'));
        QCOMPARE(job.run(), 125);
        const auto errors = job.errors();
        QVERIFY2(errors.startsWith("danube: the bundle holds "), errors.constData());
        QCOMPARE(errors.count('\n'), 1);
    }
    void namesAMissingScript()
    {
        Job job("pass\n");
        job.set("SCRIPT", u"ci/other.py"_s);
        QCOMPARE(job.run(), 125);
        QVERIFY(job.errors().startsWith("danube: ci/other.py is not in https://example.org/project.git at commit "));
    }
    void refusesATokenThatIsNone()
    {
        Job job("pass\n");
        QFile token(job.dir.filePath(u"token"_s));
        QVERIFY(token.open(QIODevice::WriteOnly) && token.write("forged\n") > 0);
        token.close();
        QCOMPARE(job.run(), 125);
        QVERIFY(job.errors().startsWith("danube: the master refused the job: "));
    }
    void namesAMissingVariable()
    {
        Job job("pass\n");
        job.environment.remove(u"DANUBE_WORKSPACE"_s);
        QCOMPARE(job.run(), 125);
        QCOMPARE(job.errors(), "danube: DANUBE_WORKSPACE: is not set\n");
    }
    void endsTheScriptOnTerm()
    {
        Job job("import time\nprint('started')\ntime.sleep(60)\n");
        job.start();
        QByteArray seen;
        QTRY_VERIFY_WITH_TIMEOUT((seen += job.process.readAllStandardOutput()).contains("started"), 20'000);
        QElapsedTimer timer;
        timer.start();
        job.process.terminate();
        QCOMPARE(job.wait(), 143);
        QVERIFY(timer.elapsed() < 5'000);
    }
    void survivesARestartOfTheMaster()
    {
        Job job("from danube import step\nassert step.run('make').ok\nprint('fine')\n");
        job.rpc.backend.stepsEndAtOnce = false;
        job.start();
        QTRY_COMPARE_WITH_TIMEOUT(job.rpc.backend.waiting.size(), 1, 20'000);
        const auto request = job.rpc.backend.waiting.first().first.request;
        rpc::RpcSettings settings;
        settings.port = job.rpc.port;
        job.rpc.server.reset();
        job.rpc.backend.waiting.clear();
        job.rpc.server = std::make_unique<rpc::RpcServer>(
            rpc::RpcServices{job.rpc.backend, *job.rpc.artifacts, job.rpc.keyring, job.rpc.clock}, settings);
        QVERIFY(job.rpc.server->start());
        QTRY_COMPARE_WITH_TIMEOUT(job.rpc.backend.waiting.size(), 1, 20'000);
        QCOMPARE(job.rpc.backend.waiting.first().first.request, request);
        job.rpc.backend.endSteps(0);
        QCOMPARE(job.wait(), 0);
        QCOMPARE(job.errors(), "");
    }
};

QTEST_GUILESS_MAIN(TestCoordinator)
#include "tst_coordinator.moc"
