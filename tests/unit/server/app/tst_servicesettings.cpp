// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/servicesettings.h"

#include "server/app/executorfactory.h"

#include <QHostAddress>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::app;
using namespace Qt::StringLiterals;

class TestServiceSettings : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::optional<DataDirectory> m_directory;

private slots:
    void initTestCase()
    {
        auto claimed = DataDirectory::claim(m_folder.filePath(u"data"_s));
        QVERIFY(claimed);
        m_directory.emplace(std::move(*claimed));
    }

    void theEngineWaitsLongerThanTheCluster()
    {
        config::Config config;
        config.maxConcurrentJobs = 7;
        config.executorKind = u"local"_s;
        QCOMPARE(engineSettings(config).maxConcurrentJobs, 7);
        QCOMPARE(engineSettings(config).schedulingTimeout, jobs::EngineSettings().schedulingTimeout);
        config.executorKind = u"kubernetes"_s;
        QVERIFY(engineSettings(config).schedulingTimeout > executorSettings(config).startLimit);
    }

    void everySettingReachesTheBlueprint()
    {
        config::Config config;
        config.blueprint = {.url = u"https://x/y.git"_s,
                            .branch = u"b"_s,
                            .path = u"p"_s,
                            .syncInterval = milliseconds(7),
                            .sshKeyPath = u"key"_s,
                            .knownHostsPath = u"hosts"_s,
                            .push = false,
                            .requireSigned = true,
                            .allowedSigners = u"signers"_s,
                            .signingKeyPath = u"sign"_s};
        config.sourceProtocols = {u"https"_s};
        const auto made = blueprintSettings(config, *m_directory);
        QCOMPARE(QStringList({made.url, made.branch, made.path, made.sshKeyPath, made.knownHostsPath}),
                 QStringList({u"https://x/y.git"_s, u"b"_s, u"p"_s, u"key"_s, u"hosts"_s}));
        QCOMPARE(made.syncInterval, milliseconds(7));
        QVERIFY(!made.mayPush && made.signing.isRequired);
        QCOMPARE(QStringList({made.signing.allowedSigners, made.signing.signingKey}),
                 QStringList({u"signers"_s, u"sign"_s}));
        QCOMPARE(made.allowedProtocols, QStringList{u"https"_s});
        QCOMPARE(made.directory, m_directory->blueprint());
    }

    void everyBoundReachesItsService()
    {
        config::Config config;
        config.logBytes = 1_MiB;
        config.workspaceBytes = 2_MiB;
        config.workspaceFiles = 3;
        config.freeReserve = {.percent = 4, .bytes = 5_MiB};
        config.artifactBytes = 6_MiB;
        config.rpcAddress = {u"127.0.0.2"_s, 9007};
        config.sseRateLimit = 8_MiB;
        config.requestRate = 9;
        config.requestBurst = 10;
        config.refusalRate = 11;
        config.refusalBurst = 12;
        const auto quotas = quotaSettings(config, *m_directory);
        QCOMPARE(quotas.jobs, m_directory->jobs());
        QCOMPARE(quotas.quotas.logBytes, 1_MiB);
        QCOMPARE(quotas.quotas.workspaceBytes, 2_MiB);
        QCOMPARE(quotas.quotas.workspaceFiles, 3);
        QCOMPARE(quotas.quotas.reserve, (quota::Reserve{.percent = 4, .bytes = 5_MiB}));
        const auto rpc = rpcSettings(config);
        QCOMPARE(rpc.address, QHostAddress(u"127.0.0.2"_s));
        QCOMPARE(rpc.port, 9007);
        QCOMPARE(rpc.uploadLimit, 6 << 20);
        const auto http = httpLimits(config);
        QCOMPARE(http.streamRate, 8 << 20);
        QCOMPARE(http.requests, (http::Rate{9, 10}));
        QCOMPARE(http.refusals, (http::Rate{11, 12}));
    }
};

QTEST_GUILESS_MAIN(TestServiceSettings)
#include "tst_servicesettings.moc"
