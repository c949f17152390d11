// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that are not ours: curl, nghttp and h2load.
#include "tests/support/rpcfixture.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString runStepBody = u"{\"job_id\":\"running-job\",\"step_name\":\"build\",\"command\":\"make\"}"_s;

struct Ran
{
    int exitCode = -1;
    QByteArray output;
};

// The backend lives in this thread, so the event loop must turn while the program runs.
Ran run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    const bool ended = QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30s);
    if (!ended)
        process.kill();
    process.waitForFinished(1000);
    return {ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
}

} // namespace

class TestRpcClients : public QObject
{
    Q_OBJECT

    QString url(const RpcFixture &master, const QString &path) const
    {
        return u"http://127.0.0.1:%1%2"_s.arg(master.port).arg(path);
    }
    QString authorization(const RpcFixture &master) const
    {
        return u"Authorization: Bearer "_s + QString::fromLatin1(master.token());
    }
    Ran curl(const QStringList &arguments) const
    {
        return run(u"curl"_s,
                   QStringList{u"-sS"_s, u"--http2-prior-knowledge"_s, u"-w"_s, u"\n%{http_code}"_s} + arguments);
    }

private slots:
    void curlRunsAStep()
    {
        RpcFixture master;
        const auto ran = curl({u"-H"_s, authorization(master), u"-d"_s, runStepBody, url(master, u"/rpc/run-step"_s)});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.output.endsWith("\n200"), ran.output.constData());
        QVERIFY2(ran.output.contains("\"exit_code\":0"), ran.output.constData());
        const auto refused = curl({u"-d"_s, runStepBody, url(master, u"/rpc/run-step"_s)});
        QCOMPARE(refused.exitCode, 0);
        QVERIFY2(refused.output.endsWith("\n401"), refused.output.constData());
    }

    void curlUploadsAndIsRefusedEarly()
    {
        RpcFixture master;
        const QByteArray content(20'000'000, 'c');
        QFile file(master.directory.filePath(u"content"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        const QString digest =
            QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
        const QString target =
            url(master, u"/rpc/upload-artifact?job_id=running-job&name=c.bin&sha256=%1"_s.arg(digest));
        const QStringList upload{u"-X"_s, u"POST"_s, u"-T"_s, file.fileName(), target};
        const auto refused = curl(upload);
        QVERIFY2(refused.output.endsWith("\n401"), refused.output.constData());
        const auto ran = curl(QStringList{u"-H"_s, authorization(master)} + upload);
        QVERIFY2(ran.output.endsWith("\n200"), ran.output.constData());
        QVERIFY2(ran.output.contains("\"size_bytes\":20000000"), ran.output.constData());
        const auto query = curl({u"-H"_s, authorization(master), target});
        QVERIFY2(query.output.startsWith("{\"size_bytes\":20000000}"), query.output.constData());
    }

    void curlDownloadsTheSource()
    {
        RpcFixture master;
        master.backend.bundlePath = master.directory.filePath(u"bundle"_s);
        const QByteArray content = QByteArray("bundle!\n").repeated(1 << 20);
        QFile file(master.backend.bundlePath);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        const QString copy = master.directory.filePath(u"copy"_s);
        const auto ran =
            curl({u"-H"_s, authorization(master), u"-o"_s, copy, url(master, u"/rpc/source?job_id=running-job"_s)});
        QVERIFY2(ran.output.endsWith("\n200"), ran.output.constData());
        QFile copied(copy);
        QVERIFY(copied.open(QIODevice::ReadOnly));
        QVERIFY(copied.readAll() == content);
    }

    void nghttpGetsAnAnswer()
    {
        RpcFixture master;
        QFile body(master.directory.filePath(u"body"_s));
        QVERIFY(body.open(QIODevice::WriteOnly) && body.write(runStepBody.toUtf8()) > 0);
        body.close();
        const auto ran = run(
            u"nghttp"_s, {u"-H"_s, authorization(master), u"-d"_s, body.fileName(), url(master, u"/rpc/run-step"_s)});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.output.contains("\"exit_code\":0"), ran.output.constData());
    }

    void h2loadGetsEveryAnswer()
    {
        RpcFixture master;
        QFile body(master.directory.filePath(u"body"_s));
        QVERIFY(body.open(QIODevice::WriteOnly) && body.write("{\"job_id\":\"running-job\",\"key\":\"TOKEN\"}") > 0);
        body.close();
        const auto ran =
            run(u"h2load"_s, {u"-n"_s, u"5000"_s, u"-c"_s, u"8"_s, u"-m"_s, u"10"_s, u"-H"_s, authorization(master),
                              u"-d"_s, body.fileName(), url(master, u"/rpc/get-secret"_s)});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.output.contains("5000 succeeded, 0 failed"), ran.output.constData());
        QVERIFY2(ran.output.contains("status codes: 5000 2xx"), ran.output.constData());
        QCOMPARE(master.server->counts().requests.load(), 5000);
    }
};

QTEST_GUILESS_MAIN(TestRpcClients)
#include "tst_rpcclients.moc"
