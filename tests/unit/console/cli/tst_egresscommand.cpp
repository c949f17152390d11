// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QString directory = QStringLiteral(DANUBE_SOURCE_DIR "/tests/unit/console/cli/egress");

struct Outcome
{
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

/// The program in the folder of the fixtures, with a master that nobody may talk to.
Outcome ctl(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DANUBE_URL"_s, u"http://127.0.0.1:1"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(directory);
    process.start(QStringLiteral(DANUBE_BIN_DIR "/danubectl"), QStringList{u"egress"_s} + arguments);
    if (!process.waitForFinished(20'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class TestEgressCommand : public QObject
{
    Q_OBJECT
private slots:
    void printsTheGoldenText_data()
    {
        QTest::addColumn<QString>("golden");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        const auto row = [](const char *golden, const QStringList &arguments, int exitCode) {
            QTest::newRow(golden) << QString::fromLatin1(golden) << arguments << exitCode;
        };
        const QString registry = u"--service=registry.danube-system:5000=app.kubernetes.io/name=registry"_s;
        row("lint.txt", {u"lint"_s, u"blueprint"_s}, 0);
        row("lint-bad.txt", {u"lint"_s, u"bad.txt"_s}, 1);
        row("compile.json", {u"compile"_s, u"blueprint"_s, registry}, 0);
        row("compile-fallback.json",
            {u"compile"_s, u"blueprint/config.json"_s, registry, u"--fallback"_s, u"--cidr=192.0.2.0/24"_s}, 0);
        row("test.txt",
            {u"test"_s, u"blueprint"_s, u"--host=github.com"_s, u"--host=cdn.example.com"_s,
             u"--host=git.example.org:22"_s, u"--host=http://evil.example"_s},
            1);
    }
    void printsTheGoldenText()
    {
        QFETCH(QString, golden);
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        const Outcome outcome = ctl(arguments);
        QVERIFY2(outcome.exitCode == exitCode, outcome.err.constData());
        QFile file(directory + u"/golden/"_s + golden);
        if (qEnvironmentVariableIsSet("DANUBE_UPDATE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(outcome.out);
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(outcome.out, file.readAll());
    }
    void speaksJson()
    {
        const Outcome lint = ctl({u"lint"_s, u"bad.txt"_s, u"--json"_s});
        QCOMPARE(lint.exitCode, 1);
        const QJsonArray findings = QJsonDocument::fromJson(lint.out)[u"findings"].toArray();
        QCOMPARE(findings.size(), 3);
        QCOMPARE(findings[0][u"file"].toString(), u"bad.txt"_s);
        QCOMPARE(findings[1][u"fix"], QJsonValue(QJsonArray{u"packages.example.org"_s}));
        const Outcome test = ctl({u"test"_s, u"blueprint"_s, u"--json"_s, u"--host"_s, u"git.example.org:22"_s});
        QCOMPARE(test.exitCode, 0);
        QCOMPARE(QJsonDocument::fromJson(test.out)[u"results"][0][u"list"].toString(), u"pipeline"_s);
    }
    void explainsOneHost_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("allowed") << QStringList{u"git.example.org:22"_s, u"--pipeline=web"_s} << 0
                                 << QByteArray("allowed git.example.org:22: ");
        QTest::newRow("refused") << QStringList{u"http://evil.example"_s} << 1
                                 << QByteArray("would be allowed by: evil.example");
    }
    void explainsOneHost()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, words);
        arguments.prepend(u"explain"_s);
        const Outcome outcome = ctl(arguments + QStringList{u"blueprint"_s});
        QVERIFY2(outcome.exitCode == exitCode, outcome.err.constData());
        QVERIFY2(outcome.out.contains(words), outcome.out.constData());
    }
    void notesWhatIsNotOpened()
    {
        const Outcome outcome = ctl({u"compile"_s, u"blueprint/config.json"_s});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.err,
                 QByteArray("danubectl: 'registry.danube-system' is not opened: no such Service is known\n"));
    }
    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("action") << QStringList{u"fly"_s, u"bad.txt"_s}
                                << QByteArray("egress 'fly': expected lint, compile, explain, test");
        QTest::newRow("no file") << QStringList{u"lint"_s, u"none.txt"_s} << QByteArray("read none.txt: No such file");
        QTest::newRow("empty directory") << QStringList{u"lint"_s, u"blueprint/pipelines"_s}
                                         << QByteArray("no config.json");
        QTest::newRow("two base lists") << QStringList{u"lint"_s, u"bad.txt"_s, u"blueprint/config.json"_s}
                                        << QByteArray("a second list for every job, after bad.txt");
        QTest::newRow("bad entry") << QStringList{u"compile"_s, u"bad.txt"_s}
                                   << QByteArray("egress_allowlist[0]: '10.0.0.0/8' is an address range");
        QTest::newRow("version") << QStringList{u"lint"_s, u"bad.txt"_s, u"--cilium=new"_s}
                                 << QByteArray("Cilium version 'new'");
        QTest::newRow("service") << QStringList{u"compile"_s, u"bad.txt"_s, u"--service=github.com:5000=a=b"_s}
                                 << QByteArray("--service: 'github.com:5000=a=b': expected NAME.NAMESPACE");
        QTest::newRow("pipeline") << QStringList{u"test"_s, u"blueprint"_s, u"--pipeline=api"_s, u"--host=a.org"_s}
                                  << QByteArray("--pipeline 'api'");
        QTest::newRow("nothing to explain") << QStringList{u"explain"_s} << QByteArray("egress explain: name a HOST");
        QTest::newRow("no host") << QStringList{u"test"_s, u"blueprint"_s} << QByteArray("name a host");
        QTest::newRow("host") << QStringList{u"test"_s, u"blueprint"_s, u"--host=a b"_s}
                              << QByteArray("--host: 'a b': expected a host");
        QTest::newRow("range") << QStringList{u"compile"_s, u"blueprint"_s, u"--fallback"_s, u"--cidr=10.0.0.0"_s}
                               << QByteArray("expected an address range");
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, message);
        const Outcome outcome = ctl(arguments);
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.err.contains(message), outcome.err.constData());
        QVERIFY(outcome.out.isEmpty());
    }
    void readsEveryFormOfAList_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("array") << QByteArray(R"(["github.com"])") << 0;
        QTest::newRow("text") << QByteArray("# list\n  github.com  # forge\r\n\n") << 0;
        QTest::newRow("document")
            << QByteArray(R"({"kind":"Config","spec":{"egress_allowlist":["github.com"],"egress_mode":"audit"}})") << 0;
        QTest::newRow("empty document") << QByteArray(R"({"kind":"Config"})") << 1;
        QTest::newRow("empty file") << QByteArray() << 1;
        QTest::newRow("another kind") << QByteArray(R"({"kind":"Team","spec":{}})") << 2;
        QTest::newRow("no name") << QByteArray(R"({"kind":"Pipeline","spec":{}})") << 2;
        QTest::newRow("wrong type") << QByteArray(R"({"kind":"Config","spec":{"egress_allowlist":"github.com"}})") << 2;
        QTest::newRow("wrong item") << QByteArray("[1]") << 2;
        QTest::newRow("wrong mode") << QByteArray(R"({"kind":"Config","spec":{"egress_mode":"off"}})") << 2;
        QTest::newRow("broken") << QByteArray("[\"github.com\"") << 2;
        QTest::newRow("too long") << QByteArray((1 << 20) + 1, 'x') << 2;
    }
    void readsEveryFormOfAList()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, exitCode);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"list"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        const Outcome outcome = ctl({u"test"_s, file.fileName(), u"--host=github.com"_s});
        QVERIFY2(outcome.exitCode == exitCode, outcome.err + outcome.out);
    }
};

QTEST_GUILESS_MAIN(TestEgressCommand)
#include "tst_egresscommand.moc"
