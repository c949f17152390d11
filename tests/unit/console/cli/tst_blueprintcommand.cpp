// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/blueprintfiles.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::cli;
using namespace Qt::StringLiterals;

namespace {

struct Outcome
{
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

/// With a master that nobody may talk to.
Outcome ctl(const QString &directory, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DANUBE_URL"_s, u"http://127.0.0.1:1"_s);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(directory);
    process.start(QStringLiteral(DANUBE_BIN_DIR "/danubectl"), QStringList{u"blueprint"_s} + arguments);
    if (!process.waitForFinished(20'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void write(const QString &path, const QByteArray &text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

const QByteArray pipeline =
    "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Pipeline\", \"metadata\": {\"name\": \"web\"},\n"
    "\"spec\": {\"repository\": \"https://example.org/a.git\"}}\n";

} // namespace

class TestBlueprintCommand : public QObject
{
    Q_OBJECT
private slots:
    void validatesOffline()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"pipelines/web.json"_s), pipeline);
        write(dir.filePath(u"README.md"_s), "not JSON");
        const auto good = ctl(dir.path(), {u"validate"_s});
        QCOMPARE(good.exitCode, 0);
        QCOMPARE(good.out, "config.json:1:1: warning: the file is missing: defaults apply\n"
                           "accepted: 1 pipelines, 0 teams, 0 users\n");
        write(dir.filePath(u"pipelines/bad.json"_s), "{\n  \"kind\": Pipeline\n}");
        const auto bad = ctl(u"/"_s, {u"validate"_s, dir.path()});
        QCOMPARE(bad.exitCode, 1);
        QVERIFY2(
            bad.out.contains("pipelines/bad.json:2:11: error: the word Pipeline is no JSON value (put text into double "
                             "quotes)\n"),
            bad.out.constData());
        const auto json = QJsonDocument::fromJson(ctl(dir.path(), {u"validate"_s, u"--json"_s}).out).object();
        QCOMPARE(json.value("accepted"_L1).toBool(true), false);
        QCOMPARE(json.value("findings"_L1).toArray().size(), 2);
    }
    void refusesWithOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("action") << QStringList{u"fly"_s} << 2 << QByteArray("danubectl: blueprint 'fly': expected");
        QTest::newRow("directory") << QStringList{u"validate"_s, u"/nowhere"_s} << 2
                                   << QByteArray("danubectl: there is no directory '/nowhere'");
        QTest::newRow("message") << QStringList{u"apply"_s} << 2
                                 << QByteArray("danubectl: blueprint apply needs --message");
        QTest::newRow("master") << QStringList{u"status"_s} << 5 << QByteArray("danubectl: ");
    }
    void refusesWithOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, sentence);
        const auto outcome = ctl(u"/"_s, arguments);
        QTEST(outcome.exitCode, "exitCode");
        QVERIFY2(outcome.err.startsWith(sentence), outcome.err.constData());
    }
    void changesNameWhatGoes()
    {
        const blueprint::Files present{{u"config.json"_s, "a"}, {u"users.json"_s, "b"}, {u"teams.json"_s, "c"}};
        const blueprint::Files wanted{{u"config.json"_s, "a"}, {u"users.json"_s, "x"}, {u"pipelines/p.json"_s, "p"}};
        const QJsonObject expected{
            {u"users.json"_s, u"x"_s}, {u"pipelines/p.json"_s, u"p"_s}, {u"teams.json"_s, QJsonValue()}};
        QCOMPARE(changesTo(present, wanted), expected);
    }
};

QTEST_GUILESS_MAIN(TestBlueprintCommand)
#include "tst_blueprintcommand.moc"
