// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/config.h"

#include <QTest>

using namespace danube;
using namespace danube::config;
using namespace Qt::StringLiterals;

class TestConfigReader : public QObject
{
    Q_OBJECT
private slots:
    void aTableWithoutANameIsASentence()
    {
        for (const char *toml : {"[<x]", "[", "[ <", "[[<a]]", "[\x80]", "\xc4\xa2,"}) {
            const auto config = readConfig(toml, u"danube.toml"_s, {});
            QVERIFY2(!config && config.error().message.contains(u"danube.toml"_s), toml);
        }
    }
    void emptyFileGivesDefaults()
    {
        const auto config = readConfig({}, u"danube.toml"_s, {});
        QVERIFY(config.has_value());
        QCOMPARE(*config, Config());
    }

    void readsEveryKind()
    {
        const auto config = readConfig(R"(
[server]
bind_address = "[::1]:18080"
data_dir = "/srv/danube"
[jobs]
max_concurrent = 7
[source]
protocols = ["https", "file"]
[quota]
artifact_bytes = "3 MiB"
[metrics]
open = true
)",
                                       u"danube.toml"_s, {});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->httpAddress, (ListenAddress{u"::1"_s, 18080}));
        QCOMPARE(config->dataDirectory, u"/srv/danube"_s);
        QCOMPARE(config->maxConcurrentJobs, 7);
        QCOMPARE(config->sourceProtocols, (QStringList{u"https"_s, u"file"_s}));
        QCOMPARE(config->artifactBytes, 3_MiB);
        QVERIFY(config->metricsOpen);
    }

    void readsTheRatesOfRequests()
    {
        const auto config = readConfig(R"(
[server]
request_rate = 0
request_burst = 1
refusal_rate = 1000000
refusal_burst = 7
)",
                                       u"danube.toml"_s, {{u"DANUBE_SERVER_REQUEST_BURST"_s, u"20"_s}});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->requestRate, 0);
        QCOMPARE(config->requestBurst, 20);
        QCOMPARE(config->refusalRate, 1'000'000);
        QCOMPARE(config->refusalBurst, 7);
        QVERIFY(changesThatNeedRestart(Config(), *config).contains(u"server.refusal_burst"_s));
        for (const char *line :
             {"request_rate = -1", "request_burst = 0", "refusal_rate = 1000001", "refusal_burst = 0"})
            QVERIFY2(!readConfig(QByteArray("[server]\n") + line, u"danube.toml"_s, {}), line);
    }

    void readsTheConfigurationRepository()
    {
        const auto config = readConfig(R"(
[config_repo]
url = "git@example.org:team/blueprint.git"
branch = "staging"
path = "clusters/a"
sync_interval = "5m"
ssh_key_path = "/k"
known_hosts_path = "/h"
push = false
require_signed = true
allowed_signers = "/s"
signing_key_path = "/p"
)",
                                       u"danube.toml"_s, {});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->blueprint,
                 (BlueprintConfig{u"git@example.org:team/blueprint.git"_s, u"staging"_s, u"clusters/a"_s,
                                  milliseconds(300'000), u"/k"_s, u"/h"_s, false, true, u"/s"_s, u"/p"_s}));
        QVERIFY(changesThatNeedRestart(Config(), *config).contains(u"config_repo.branch"_s));
    }

    void refusesConfigurationRepositories_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("key");
        QTest::newRow("outside") << QByteArray("path = \"../x\"") << u"config_repo.path"_s;
        QTest::newRow("absolute") << QByteArray("path = \"/x\"") << u"config_repo.path"_s;
        QTest::newRow("two sources") << QByteArray("url = \"x\"\ndirectory = \"y\"") << u"config_repo.directory"_s;
        QTest::newRow("unknown hosts") << QByteArray("ssh_key_path = \"x\"") << u"config_repo.known_hosts_path"_s;
        QTest::newRow("no signers") << QByteArray("require_signed = true") << u"config_repo.allowed_signers"_s;
        QTest::newRow("too often") << QByteArray("sync_interval = \"10ms\"") << u"config_repo.sync_interval"_s;
        QTest::newRow("beyond what clocks count")
            << QByteArray("sync_interval = \"9999999h\"") << u"at most ten years"_s;
    }
    void refusesConfigurationRepositories()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, key);
        const auto config = readConfig("[config_repo]\n" + line + "\n", u"danube.toml"_s, {});
        QVERIFY(!config);
        QVERIFY2(config.error().message.contains(key), qPrintable(config.error().message));
    }

    void readsLocal()
    {
        const auto config = readConfig(R"(
[local]
egress = "audit"
egress_hosts = ["a.example.org=192.0.2.7:8443", "a.example.org=[2001:db8::1]:8443", "b.example.org=2001:db8::2"]
egress_private_hosts = ["b.example.org"]
egress_resolver = "192.0.2.53:53"
visible_paths = ["/srv/toolchains"]
orphan_limit = "2h"
)",
                                       u"danube.toml"_s, {});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->local.egress, u"audit"_s);
        QCOMPARE(config->local.egressHosts.size(), 3);
        QCOMPARE(config->local.visiblePaths, QStringList{u"/srv/toolchains"_s});
        QCOMPARE(config->local.orphanLimit, milliseconds(7'200'000));
        QVERIFY(changesThatNeedRestart(Config(), *config).contains(u"local.egress_resolver"_s));
    }

    void refusesLocal_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("mode") << QByteArray("egress = \"on\"");
        QTest::newRow("no address") << QByteArray("egress_hosts = [\"a.example.org\"]");
        QTest::newRow("a name as address") << QByteArray("egress_hosts = [\"a.example.org=b.example.org\"]");
        QTest::newRow("an address as name") << QByteArray("egress_hosts = [\"a b=192.0.2.1\"]");
        QTest::newRow("port 0") << QByteArray("egress_hosts = [\"a.example.org=192.0.2.1:0\"]");
        QTest::newRow("bare IPv6 with a port") << QByteArray("egress_resolver = \"2001:db8::1:x\"");
        QTest::newRow("no port") << QByteArray("egress_resolver = \"192.0.2.53\"");
        QTest::newRow("a pattern") << QByteArray("egress_private_hosts = [\"*.example.org\"]");
        QTest::newRow("relative") << QByteArray("visible_paths = [\"srv\"]");
        QTest::newRow("the root") << QByteArray("visible_paths = [\"/\"]");
        QTest::newRow("dots") << QByteArray("visible_paths = [\"/srv/../etc\"]");
        QTest::newRow("too short") << QByteArray("orphan_limit = \"59s\"");
        QTest::newRow("too long") << QByteArray("orphan_limit = \"721h\"");
        QTest::newRow("for ever") << QByteArray("orphan_limit = \"0s\"");
    }
    void refusesLocal()
    {
        QFETCH(const QByteArray, line);
        const auto config = readConfig("[local]\n" + line + "\n", u"danube.toml"_s, {});
        QVERIFY(!config);
        QVERIFY2(config.error().message.contains(u"local."_s), qPrintable(config.error().message));
    }

    void environmentWins()
    {
        const EnvironmentMap environment{{u"DANUBE_SERVER_RPC_ADDRESS"_s, u"127.0.0.1:19000"_s},
                                         {u"DANUBE_JOBS_MAX_CONCURRENT"_s, u"3"_s},
                                         {u"DANUBE_METRICS_OPEN"_s, u"true"_s},
                                         {u"DANUBE_SOMETHING_ELSE"_s, u"ignored"_s}};
        const auto config = readConfig("[server]\nrpc_address = \"127.0.0.1:9001\"\n", u"danube.toml"_s, environment);
        QVERIFY(config.has_value());
        QCOMPARE(config->rpcAddress.port, 19000);
        QCOMPARE(config->maxConcurrentJobs, 3);
        QVERIFY(config->metricsOpen);
    }

    void badValueNamesFileLineKeyAndExpectation_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("message");
        QTest::newRow("type")
            << QByteArray("[jobs]\nmax_concurrent = \"many\"\n")
            << u"danube.toml:2: jobs.max_concurrent: expected a whole number from 0 to 100000, got \"many\""_s;
        QTest::newRow("range")
            << QByteArray("\n[jobs]\n\nmax_concurrent = -1\n")
            << u"danube.toml:4: jobs.max_concurrent: expected a whole number from 0 to 100000, got -1"_s;
        QTest::newRow("enum")
            << QByteArray("[logging]\nlevel = \"loud\"\n")
            << u"danube.toml:2: logging.level: expected \"debug\" or \"info\" or \"warning\" or \"error\", got \"loud\""_s;
        QTest::newRow("address")
            << QByteArray("[server]\nbind_address = \"localhost\"\n")
            << u"danube.toml:2: server.bind_address: expected an address and port such as \"127.0.0.1:8080\" or \"[::1]:8080\", got \"localhost\""_s;
        QTest::newRow("port") << QByteArray("[server]\nbind_address = \"127.0.0.1:70000\"\n")
                              << u"danube.toml:2: server.bind_address: expected an address"_s;
        QTest::newRow("unknown key") << QByteArray("[jobs]\nmax = 1\n") << u"danube.toml:2: jobs.max: unknown key"_s;
        QTest::newRow("unknown section key") << QByteArray("x = 1\n") << u"danube.toml:1: x: unknown key"_s;
        QTest::newRow("syntax") << QByteArray("[jobs\nmax = 1\n") << u"danube.toml:1: "_s;
        QTest::newRow("bytes") << QByteArray("[quota]\nartifact_bytes = 5\n") << u"expected a byte count"_s;
        QTest::newRow("nested") << QByteArray("[jobs.max_concurrent]\na = 1\n") << u"jobs.max_concurrent: expected"_s;
        QTest::newRow("token mode without a file")
            << QByteArray("[auth]\nmode = \"token\"\n") << u"danube.toml: auth.token_file: expected the file"_s;
        QTest::newRow("dev mode in public") << QByteArray("[server]\nbind_address = \"0.0.0.0:8080\"\n")
                                            << u"danube.toml: auth.mode: \"dev\" is for loopback only"_s;
    }
    void badValueNamesFileLineKeyAndExpectation()
    {
        QFETCH(QByteArray, toml);
        QFETCH(QString, message);
        const auto config = readConfig(toml, u"danube.toml"_s, {});
        QVERIFY(!config);
        QVERIFY2(config.error().message.contains(message), qPrintable(config.error().message));
    }

    void badEnvironmentNamesTheVariable()
    {
        const auto config = readConfig({}, u"danube.toml"_s, {{u"DANUBE_METRICS_OPEN"_s, u"yes"_s}});
        QVERIFY(!config);
        QCOMPARE(config.error().message, u"environment DANUBE_METRICS_OPEN: expected true or false, got \"yes\""_s);
    }

    void tellsWhatOnlyARestartChanges()
    {
        Config wanted;
        wanted.logLevel = u"debug"_s;
        QCOMPARE(changesThatNeedRestart(Config(), wanted), QStringList());
        wanted.rpcAddress.port = 1;
        wanted.maxConcurrentJobs = 9;
        QCOMPARE(changesThatNeedRestart(Config(), wanted),
                 (QStringList{u"server.rpc_address"_s, u"jobs.max_concurrent"_s}));
    }
};

QTEST_APPLESS_MAIN(TestConfigReader)
#include "tst_configreader.moc"
