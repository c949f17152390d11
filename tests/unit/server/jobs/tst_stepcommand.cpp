// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/stepcommand.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace Qt::StringLiterals;

class TestStepCommand : public QObject
{
    Q_OBJECT

    static protocol::RunStepRequest request(const QString &command)
    {
        protocol::RunStepRequest body;
        body.job = JobId(u"j1"_s);
        body.command = command;
        return body;
    }

private slots:
    void aTextRunsInAShellAndAnArrayAsItIs()
    {
        QCOMPARE(argvOf(u"npm ci | tee x"_s), (QStringList{u"/bin/sh"_s, u"-c"_s, u"npm ci | tee x"_s}));
        QCOMPARE(argvOf(QStringList{u"npm"_s, u"ci"_s}), (QStringList{u"npm"_s, u"ci"_s}));
        QCOMPARE(commandText(QStringList{u"npm"_s, u"ci"_s}), u"npm ci"_s);
    }

    void namesAStep_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("expected");
        QTest::newRow("given") << u"test"_s << u"make check"_s << u"test"_s;
        QTest::newRow("derived") << QString() << u"make check"_s << u"make check"_s;
        QTest::newRow("first line") << QString() << u"\n  make \nmake check"_s << u"make"_s;
        QTest::newRow("long") << QString() << QString(200, u'x') << QString(79, u'x') + u'…';
    }

    void namesAStep()
    {
        QFETCH(QString, name);
        QFETCH(QString, command);
        auto body = request(command);
        body.stepName = name;
        QTEST(rowOf(body, StepNumber(1), {}).name, "expected");
    }

    void theEnvironmentHasDefaultsThatTheRequestOverrides()
    {
        auto body = request(u"make"_s);
        body.stepName = u"build"_s;
        body.env = {{u"CI"_s, u"no"_s}, {u"A"_s, u"b"_s}};
        const StepLaunch launch = launchOf(body, StepNumber(3));
        QCOMPARE(launch.number, StepNumber(3));
        QCOMPARE(
            launch.environment,
            (Environment{
                {u"CI"_s, u"no"_s}, {u"A"_s, u"b"_s}, {u"DANUBE_JOB_ID"_s, u"j1"_s}, {u"DANUBE_STEP"_s, u"build"_s}}));
    }

    void directoriesAreBelowTheWorkspace_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("given");
        QTest::newRow("none") << QString() << QString();
        QTest::newRow("workspace") << u"/workspace"_s << QString();
        QTest::newRow("below") << u"/workspace/a/b"_s << u"a/b"_s;
        QTest::newRow("relative") << u"a/b"_s << u"a/b"_s;
        QTest::newRow("namesake") << u"/workspaces/a"_s << u"workspaces/a"_s;
    }

    void directoriesAreBelowTheWorkspace()
    {
        QFETCH(QString, asked);
        auto body = request(u"make"_s);
        body.workingDirectory = asked;
        QTEST(launchOf(body, StepNumber(1)).workingDirectory, "given");
    }

    void aRowHoldsNoSecretAndNoEnvironment()
    {
        auto body = request(u"curl -H s3cr3t x"_s);
        body.env = {{u"KEY"_s, u"hidden"_s}};
        body.timeout = seconds(5);
        GrantedSecrets secrets;
        secrets.emplace(u"KEY"_s, Secret("s3cr3t"));
        secrets.emplace(u"SHORT"_s, Secret("x"));
        const Step row = rowOf(body, StepNumber(1), secrets);
        QCOMPARE(row.command, u"curl -H *** x"_s);
        QCOMPARE(row.name, u"curl -H *** x"_s);
        QVERIFY(row.timeout == seconds(5));
        QCOMPARE(row.bodyHash, protocol::bodyHash(body));
    }

    void secretsThatShareTextAreHiddenWhole_data()
    {
        QTest::addColumn<QByteArrayList>("values");
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("shown");
        QTest::newRow("one begins the other") << QByteArrayList{"hunter22", "hunter22-prod-9f3a"}
                                              << u"curl hunter22-prod-9f3a x hunter22"_s << u"curl *** x ***"_s;
        QTest::newRow("one is within the other")
            << QByteArrayList{"unter", "hunter22"} << u"a hunter22 b"_s << u"a *** b"_s;
        QTest::newRow("they overlap") << QByteArrayList{"abcdef", "efgh"} << u"x abcdefgh y"_s << u"x *** y"_s;
        QTest::newRow("side by side") << QByteArrayList{"abcd", "efgh"} << u"abcdefgh"_s << u"******"_s;
    }
    void secretsThatShareTextAreHiddenWhole()
    {
        QFETCH(QByteArrayList, values);
        QFETCH(QString, command);
        GrantedSecrets secrets;
        for (const QByteArray &value : std::as_const(values))
            secrets.emplace(QString::number(secrets.size()), Secret(QByteArray(value.constData(), value.size())));
        QTEST(rowOf(request(command), StepNumber(1), secrets).command, "shown");
    }

    void aSecretAtTheCutIsRedactedFirst()
    {
        GrantedSecrets secrets;
        secrets.emplace(u"KEY"_s, Secret("s3cr3t-and-long"));
        const Step row = rowOf(request(QString(75, u'x') + u"s3cr3t-and-long"_s), StepNumber(1), secrets);
        QVERIFY(!row.name.contains("s3cr"_L1));
    }
};

QTEST_APPLESS_MAIN(TestStepCommand)
#include "tst_stepcommand.moc"
