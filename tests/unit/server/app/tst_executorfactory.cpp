// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/executorfactory.h"

#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::app;
using namespace Qt::StringLiterals;

class TestExecutorFactory : public QObject
{
    Q_OBJECT
private slots:
    void coordinatorsReachTheMaster_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("expected");
        const QString bound = u"http://10.1.2.3:9000"_s;
        const QString service = u"http://danube-master.ci.svc.cluster.local:9000"_s;
        QTest::newRow("local jobs by the bound address") << u"local"_s << QString() << u"10.1.2.3"_s << bound;
        QTest::newRow("a given address wins") << u"kubernetes"_s << u"http://x:1"_s << u"0.0.0.0"_s << u"http://x:1"_s;
        QTest::newRow("a stand-in's pods are on this machine")
            << u"kubernetes"_s << QString() << u"127.0.0.1"_s << bound;
        QTest::newRow("a cluster's by the Service") << u"kubernetes"_s << QString() << u"0.0.0.0"_s << service;
    }
    void coordinatorsReachTheMaster()
    {
        QFETCH(QString, kind);
        QFETCH(QString, given);
        QFETCH(QString, host);
        QFETCH(QString, expected);
        config::Config config;
        config.executorKind = kind;
        config.kubernetes.rpcUrl = given;
        config.kubernetes.systemNamespace = u"ci"_s;
        config.rpcAddress = {host, 9000};
        QCOMPARE(coordinatorRpcUrl(config, u"http://10.1.2.3:9000"_s), expected);
    }

    void everySettingReachesTheExecutor()
    {
        config::Config config;
        config.workspaceBytes = 3_MiB;
        config::KubernetesConfig &given = config.kubernetes;
        given.jobsNamespace = u"j"_s;
        given.guardingPolicies = {u"p"_s};
        given.imagePrefixes = {u"i/"_s};
        given.imagePullSecrets = {u"s"_s};
        given.ephemeralImages = 3;
        given.coordinatorImage = u"c"_s;
        given.workerImage = u"w"_s;
        given.runAsUser = 7;
        given.allowRoot = true;
        given.allowWritableRoot = false;
        given.capabilities = {u"KILL"_s};
        given.cpuRequest = u"1m"_s;
        given.memoryRequest = u"2Mi"_s;
        given.cpuLimit = u"3m"_s;
        given.memoryLimit = u"4Mi"_s;
        given.startLimit = milliseconds(5);
        given.imagePullLimit = milliseconds(6);
        given.killGrace = milliseconds(7);
        given.unreachableLimit = milliseconds(8);
        given.instance = u"n"_s;
        const auto settings = executorSettings(config);
        QCOMPARE(settings.jobsNamespace, u"j"_s);
        QCOMPARE(settings.guardingPolicies, QStringList{u"p"_s});
        QCOMPARE(settings.imagePrefixes, QStringList{u"i/"_s});
        QCOMPARE(settings.imagePullSecrets, QStringList{u"s"_s});
        QCOMPARE(settings.maxEphemeralImages, 3);
        QCOMPARE(settings.coordinatorImage, u"c"_s);
        QCOMPARE(settings.defaultWorkerImage, u"w"_s);
        QCOMPARE(settings.runAsUser, 7);
        const kubernetes::SecurityCeiling ceiling{
            .allowRoot = true, .allowWritableRoot = false, .capabilities = {u"KILL"_s}};
        QCOMPARE(settings.ceiling, ceiling);
        QCOMPARE(settings.cpuRequest, u"1m"_s);
        QCOMPARE(settings.memoryRequest, u"2Mi"_s);
        QCOMPARE(settings.cpuLimit, u"3m"_s);
        QCOMPARE(settings.memoryLimit, u"4Mi"_s);
        QCOMPARE(settings.workspaceLimit, u"3145728"_s);
        QCOMPARE(settings.startLimit, milliseconds(5));
        QCOMPARE(settings.imagePullLimit, milliseconds(6));
        QCOMPARE(settings.killGrace, milliseconds(7));
        QCOMPARE(settings.unreachableLimit, milliseconds(8));
        QCOMPARE(settings.instance, u"n"_s);
    }

    void noWayToTheClusterIsOneSentence_data()
    {
        QTest::addColumn<QByteArray>("kubeconfig"); // empty: none named
        QTest::addColumn<QString>("words");
        QTest::newRow("neither file nor pod") << QByteArray() << u"kubernetes.kubeconfig is not set"_s;
        QTest::newRow("missing file") << QByteArray("-") << u"kubernetes.kubeconfig: read "_s;
        QTest::newRow("no kubeconfig") << QByteArray("[]") << u"kubeconfig "_s;
    }
    void noWayToTheClusterIsOneSentence()
    {
        QFETCH(QByteArray, kubeconfig);
        QFETCH(QString, words);
        qunsetenv("KUBERNETES_SERVICE_HOST");
        const QTemporaryDir folder;
        config::Config config;
        config.executorKind = u"kubernetes"_s;
        if (!kubeconfig.isEmpty())
            config.kubernetes.kubeconfig = folder.filePath(u"kubeconfig"_s);
        QFile file(folder.filePath(u"kubeconfig"_s));
        if (kubeconfig.size() > 1)
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(kubeconfig) > 0 && file.flush());
        const auto directory = DataDirectory::claim(folder.filePath(u"data"_s));
        QVERIFY(directory);
        SystemClock clock;
        logs::LogService logs(directory->logs(), clock);
        const auto keyring = auth::Keyring::open(directory->masterKey());
        QVERIFY(keyring);
        const auto made = makeExecutor({config, *directory, logs, *keyring});
        QVERIFY(!made);
        QVERIFY2(made.error().message.contains(words), qPrintable(made.error().message));
        QVERIFY(!made.error().message.contains(u'\n'));
    }
};

QTEST_GUILESS_MAIN(TestExecutorFactory)
#include "tst_executorfactory.moc"
