// SPDX-License-Identifier: GPL-3.0-or-later
// blueprint edit on files, without a master: what is named changes, and nothing else.
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QByteArray config = "{\n"
                          "    \"apiVersion\": \"danube.dev/v1\",   \"kind\": \"Config\",\n"
                          "    \"metadata\": {\"name\": \"global\"},\n"
                          "    \"spec\": {\n"
                          "        \"egress_allowlist\": [\n"
                          "            \"github.com\",\n"
                          "            \"packages.example.org\"\n"
                          "        ],\n"
                          "        \"retention\": {\"logs_days\": 30}\n"
                          "    }\n"
                          "}\n";
const QByteArray pipeline =
    "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Pipeline\", \"metadata\": {\"name\": \"web\"},\n"
    "\"spec\": {\"repository\": \"https://example.org/a.git\"}}\n";

struct Outcome
{
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

class TestEditCommand : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;

    QString path(const QString &file) const { return m_directory->filePath(file); }
    void write(const QString &name, const QByteArray &text)
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    Outcome edit(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_directory->path());
        process.start(QStringLiteral(DANUBE_BIN_DIR "/danubectl"), QStringList{u"blueprint"_s, u"edit"_s} + arguments);
        if (!process.waitForFinished(20'000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        write(u"config.json"_s, config);
        write(u"pipelines/web.json"_s, pipeline);
    }

    void addingAHostIsOneLine()
    {
        const Outcome outcome = edit({u"config.json"_s, u"--add"_s, u"/spec/egress_allowlist=new.example.org"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        QCOMPARE(outcome.out.count("\n+"), 2); // the header's and the line
        QCOMPARE(outcome.out.count("\n-"), 0);
        QVERIFY(outcome.out.contains("\n+            \"new.example.org\",\n"));
        QByteArray expected = config;
        expected.replace("            \"packages", "            \"new.example.org\",\n            \"packages");
        QCOMPARE(read(u"config.json"_s), expected);
    }
    void setsAndRemovesValues()
    {
        const Outcome outcome = edit({u"config.json"_s, u"--remove=/spec/egress_allowlist/0"_s, u"--set"_s,
                                      u"/spec/retention/logs_days=7"_s, u"--set=/spec/egress_mode=audit"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const QByteArray text = read(u"config.json"_s);
        QVERIFY(!text.contains("github.com") && text.contains("\"logs_days\": 7}"));
        QVERIFY(text.contains("\"egress_mode\": \"audit\""));
        QVERIFY(text.contains("\"danube.dev/v1\",   \"kind\""));
    }
    void onlyShowsThePatchWhenAskedSo()
    {
        const Outcome outcome = edit({u"-n"_s, u"pipelines/web.json"_s, u"--set=/spec/priority=5"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        QVERIFY2(outcome.out.startsWith("--- a/pipelines/web.json\n+++ b/pipelines/web.json\n"),
                 outcome.out.constData());
        QCOMPARE(read(u"pipelines/web.json"_s), pipeline);
    }
    void saysWhenThereIsNothingToChange()
    {
        const Outcome outcome = edit({u"config.json"_s, u"--add=/spec/egress_allowlist=github.com"_s});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.err, QByteArray("danubectl: nothing to change\n"));
        QCOMPARE(read(u"config.json"_s), config);
    }
    void refusesWhatWouldBreakTheBlueprint_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("words");
        const QString file = u"config.json"_s;
        QTest::newRow("an entry that is none")
            << QStringList{file, u"--add=/spec/egress_allowlist=https://a/"_s} << 1 << QByteArray("config.json:7:");
        QTest::newRow("a type") << QStringList{file, u"--set=/spec/retention=5"_s} << 1 << QByteArray("spec.retention");
        QTest::newRow("nowhere") << QStringList{file, u"--remove=/spec/nothing"_s} << 2
                                 << QByteArray("--remove /spec/nothing");
        QTest::newRow("no pointer") << QStringList{file, u"--set=spec=1"_s} << 2
                                    << QByteArray("expected a pointer and a value");
        QTest::newRow("no edit") << QStringList{file} << 2 << QByteArray("say what with --set, --add or --remove");
        QTest::newRow("no file") << QStringList{u"--set=/a=1"_s} << 2 << QByteArray("name a FILE");
        QTest::newRow("missing file") << QStringList{u"none.json"_s, u"--set=/a=1"_s} << 2
                                      << QByteArray("there is no file");
        QTest::newRow("another file") << QStringList{u"package.json"_s, u"--set=/a=1"_s} << 2
                                      << QByteArray("is no file of a Blueprint");
    }
    void refusesWhatWouldBreakTheBlueprint()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, words);
        write(u"package.json"_s, "{}");
        const Outcome outcome = edit(arguments);
        QCOMPARE(outcome.exitCode, exitCode);
        QVERIFY2(outcome.err.contains(words), outcome.err.constData());
        QCOMPARE(read(u"config.json"_s), config);
        QCOMPARE(read(u"package.json"_s), QByteArray("{}"));
    }
    // Else nobody could mend a broken Blueprint bit by bit.
    void letsErrorsStayThatWereThereBefore()
    {
        write(u"pipelines/web.json"_s, "{");
        QCOMPARE(edit({u"config.json"_s, u"--add=/spec/egress_allowlist=new.example.org"_s}).exitCode, 0);
        QVERIFY(read(u"config.json"_s).contains("new.example.org"));
    }
};

QTEST_GUILESS_MAIN(TestEditCommand)
#include "tst_editcommand.moc"
