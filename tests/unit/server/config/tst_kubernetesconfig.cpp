// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/config.h"

#include <QTest>

using namespace danube;
using namespace danube::config;
using namespace Qt::StringLiterals;

namespace {

// No raw string: moc does not read on behind the slashes of a URL in one.
constexpr auto wholeSection = "[executor]\n"
                              "kind = 'kubernetes'\n"
                              "[kubernetes]\n"
                              "kubeconfig = '/etc/danube/kubeconfig'\n"
                              "context = 'staging'\n"
                              "insecure_tls = true\n"
                              "namespace_system = 'ci'\n"
                              "namespace_jobs = 'ci-jobs'\n"
                              "rpc_url = 'http://danube-master.ci:9000'\n"
                              "qps = 5\n"
                              "burst = 10\n"
                              "cilium = 'required'\n"
                              "guarding_policies = ['jobs-egress']\n"
                              "image_prefixes = ['docker.io/library/', 'registry.danube-system:5000/']\n"
                              "image_pull_secrets = ['registry']\n"
                              "ephemeral_images = 2\n"
                              "coordinator_image = 'registry.danube-system:5000/danube-coordinator:1'\n"
                              "worker_image = 'debian:13'\n"
                              "run_as_user = 10002\n"
                              "allow_root = false\n"
                              "allow_writable_root = false\n"
                              "capabilities = ['NET_BIND_SERVICE']\n"
                              "cpu_request = '250m'\n"
                              "memory_request = ''\n"
                              "cpu_limit = '2'\n"
                              "memory_limit = '1.5Gi'\n"
                              "start_limit = '2m'\n"
                              "image_pull_limit = '3m'\n"
                              "kill_grace = '500ms'\n"
                              "unreachable_limit = '1h'\n"
                              "instance = 'danube-staging'\n";

} // namespace

class TestKubernetesConfig : public QObject
{
    Q_OBJECT
private slots:
    void readsTheWholeSection()
    {
        const auto config = readConfig(wholeSection, u"danube.toml"_s, {});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->executorKind, u"kubernetes"_s);
        const KubernetesConfig expected{.kubeconfig = u"/etc/danube/kubeconfig"_s,
                                        .context = u"staging"_s,
                                        .insecureTls = true,
                                        .systemNamespace = u"ci"_s,
                                        .jobsNamespace = u"ci-jobs"_s,
                                        .rpcUrl = u"http://danube-master.ci:9000"_s,
                                        .qps = 5,
                                        .burst = 10,
                                        .cilium = u"required"_s,
                                        .guardingPolicies = {u"jobs-egress"_s},
                                        .imagePrefixes = {u"docker.io/library/"_s, u"registry.danube-system:5000/"_s},
                                        .imagePullSecrets = {u"registry"_s},
                                        .ephemeralImages = 2,
                                        .coordinatorImage = u"registry.danube-system:5000/danube-coordinator:1"_s,
                                        .workerImage = u"debian:13"_s,
                                        .runAsUser = 10002,
                                        .allowRoot = false,
                                        .allowWritableRoot = false,
                                        .capabilities = {u"NET_BIND_SERVICE"_s},
                                        .cpuRequest = u"250m"_s,
                                        .memoryRequest = u""_s,
                                        .cpuLimit = u"2"_s,
                                        .memoryLimit = u"1.5Gi"_s,
                                        .startLimit = milliseconds(120'000),
                                        .imagePullLimit = milliseconds(180'000),
                                        .killGrace = milliseconds(500),
                                        .unreachableLimit = milliseconds(3'600'000),
                                        .instance = u"danube-staging"_s};
        QCOMPARE(config->kubernetes, expected);
    }

    void environmentReachesTheSection()
    {
        const EnvironmentMap environment{{u"DANUBE_EXECUTOR_KIND"_s, u"kubernetes"_s},
                                         {u"DANUBE_KUBERNETES_COORDINATOR_IMAGE"_s, u"danube-coordinator:2"_s},
                                         {u"DANUBE_KUBERNETES_QPS"_s, u"7"_s},
                                         {u"DANUBE_KUBERNETES_IMAGE_PREFIXES"_s, u"a/,b/"_s},
                                         {u"DANUBE_KUBERNETES_ALLOW_ROOT"_s, u"true"_s}};
        const auto config = readConfig({}, u"defaults"_s, environment);
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        QCOMPARE(config->kubernetes.coordinatorImage, u"danube-coordinator:2"_s);
        QCOMPARE(config->kubernetes.qps, 7);
        QCOMPARE(config->kubernetes.imagePrefixes, (QStringList{u"a/"_s, u"b/"_s}));
        QVERIFY(config->kubernetes.allowRoot);
    }

    void aBlueprintBringsTheRequiredPolicies()
    {
        const QByteArray toml =
            "[executor]\nkind = \"kubernetes\"\n[kubernetes]\ncoordinator_image = \"danube:1\"\n"
            "cilium = \"required\"\n[config_repo]\nurl = \"https://git.example.org/blueprint.git\"\n";
        const auto config = readConfig(toml, u"danube.toml"_s, {});
        QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
        const auto unguarded = readConfig(toml + "[egress]\napply = false\n", u"danube.toml"_s, {});
        QVERIFY(!unguarded);
        QVERIFY2(unguarded.error().message.contains("expected at least one name"_L1),
                 qPrintable(unguarded.error().message));
    }

    void theSectionMayBeWrittenAheadForTheLocalExecutor()
    {
        QVERIFY(readConfig("[kubernetes]\nqps = 5\n", u"danube.toml"_s, {}));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line"); // added to a valid [kubernetes]
        QTest::addColumn<QString>("message");
        QTest::newRow("namespace") << QByteArray("namespace_jobs = \"Jobs\"")
                                   << u"danube.toml:5: kubernetes.namespace_jobs: expected a name of lower-case"_s;
        QTest::newRow("https to the RPC port")
            << QByteArray("rpc_url = \"https://danube-master:9000\"") << u"rpc_url: expected a URL such as"_s;
        QTest::newRow("RPC URL without port")
            << QByteArray("rpc_url = \"http://danube-master\"") << u"rpc_url: expected a URL such as"_s;
        QTest::newRow("RPC URL with path")
            << QByteArray("rpc_url = \"http://danube-master:9000/x\"") << u"rpc_url: expected a URL such as"_s;
        QTest::newRow("no rate") << QByteArray("qps = 0") << u"expected a whole number from 1 to 10000, got 0"_s;
        QTest::newRow("cilium") << QByteArray("cilium = \"yes\"") << u"expected \"auto\" or \"required\" or \"off\""_s;
        QTest::newRow("wildcard prefix") << QByteArray("image_prefixes = [\"*\"]") << u"a list of image prefixes"_s;
        QTest::newRow("empty prefix") << QByteArray("image_prefixes = [\"\"]") << u"a list of image prefixes"_s;
        QTest::newRow("too many images") << QByteArray("ephemeral_images = 9") << u"from 0 to 8"_s;
        QTest::newRow("capability") << QByteArray("capabilities = [\"all\"]") << u"a list of capabilities"_s;
        QTest::newRow("quantity") << QByteArray("memory_limit = \"2 GiB\"") << u"a quantity such as"_s;
        QTest::newRow("line end in a name") << QByteArray("instance = \"a\\n\"") << u"expected a name of lower-case"_s;
        QTest::newRow("duration") << QByteArray("start_limit = \"soon\"") << u"a duration such as"_s;
        QTest::newRow("no time to start") << QByteArray("start_limit = \"0s\"") << u"expected more than 0s"_s;
        QTest::newRow("root") << QByteArray("run_as_user = 0") << u"0 is root"_s;
        QTest::newRow("unguarded") << QByteArray("cilium = \"required\"") << u"expected at least one name"_s;
        QTest::newRow("guarded and off") << QByteArray("cilium = \"off\"\nguarding_policies = [\"a\"]")
                                         << u"kubernetes.guarding_policies: expected none"_s;
        QTest::newRow("context of nothing") << QByteArray("context = \"x\"") << u"names a context of"_s;
        QTest::newRow("no image") << QByteArray("coordinator_image = \"\"")
                                  << u"coordinator_image: expected an image"_s;
        QTest::newRow("unknown key") << QByteArray("qbs = 1") << u"danube.toml:5: kubernetes.qbs: unknown key"_s;
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, message);
        const QByteArray image = line.startsWith("coordinator_image") ? "#" : "coordinator_image = \"danube:1\"";
        const QByteArray toml = "[executor]\nkind = \"kubernetes\"\n[kubernetes]\n" + image + '\n' + line + '\n';
        const auto config = readConfig(toml, u"danube.toml"_s, {});
        QVERIFY(!config);
        QVERIFY2(config.error().message.contains(message), qPrintable(config.error().message));
    }

    void everyKeyNeedsARestart()
    {
        Config wanted;
        wanted.kubernetes.qps = 9;
        wanted.kubernetes.jobsNamespace = u"elsewhere"_s;
        QCOMPARE(changesThatNeedRestart(Config(), wanted),
                 (QStringList{u"kubernetes.namespace_jobs"_s, u"kubernetes.qps"_s}));
    }
};

QTEST_APPLESS_MAIN(TestKubernetesConfig)
#include "tst_kubernetesconfig.moc"
