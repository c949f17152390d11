// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/executorfactory.h"

#include "server/app/sandboxwiring.h"

#include "server/executors/kubernetes/kubernetesexecutor.h"
#include "server/executors/local/localexecutor.h"
#include "shared/core/readfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcessEnvironment>
#include <QSslConfiguration>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

// All lie beside the program: in the build tree as in an installed one.
QString beside(const QString &name)
{
    return QDir::cleanPath(QCoreApplication::applicationDirPath() + u'/' + name);
}

Result<kube::ClusterAccess> podAccess()
{
    QMap<QString, QString> environment;
    const auto system = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"KUBERNETES_SERVICE_HOST"_s, u"KUBERNETES_SERVICE_PORT"_s})
        environment.insert(name, system.value(name));
    return kube::inClusterAccess(environment).transform_error([](const Error &error) {
        return error.in(u"kubernetes.kubeconfig is not set, and the pod's own access cannot be used"_s);
    });
}

Result<kube::ClusterAccess> clusterAccess(const config::KubernetesConfig &config)
{
    if (config.kubeconfig.isEmpty())
        return podAccess();
    auto yaml = readFile(config.kubeconfig, 1_MiB);
    if (!yaml)
        return std::unexpected(yaml.error().in(u"kubernetes.kubeconfig"_s));
    const kube::KubeconfigSource source{
        .yaml = *std::move(yaml), .fileName = config.kubeconfig, .context = config.context};
    return kube::readKubeconfig(source, config.insecureTls ? kube::InsecureTls::Allowed : kube::InsecureTls::Refused);
}

Result<ExecutorParts> makeKubernetes(const ExecutorNeeds &needs)
{
    const config::KubernetesConfig &config = needs.config.kubernetes;
    auto access = clusterAccess(config);
    if (!access)
        return std::unexpected(access.error());
    auto credentials = std::make_shared<kube::Credentials>(*std::move(access));
    if (const auto tls = credentials->tls(); !tls)
        return std::unexpected(tls.error());
    ExecutorParts parts;
    kube::ClientSettings settings;
    settings.qps = config.qps;
    settings.burst = config.burst;
    settings.userAgent = "danube-master/" DANUBE_VERSION;
    parts.client = std::make_unique<kube::Client>(std::move(credentials), settings);
    parts.health = std::make_unique<ClusterHealth>(*parts.client, config.jobsNamespace, ClusterHealth::Settings());
    parts.executor = std::make_unique<kubernetes::KubernetesExecutor>(executorSettings(needs.config), *parts.client,
                                                                      needs.logs, needs.keyring, needs.guardsOf);
    return parts;
}

Result<ExecutorParts> makeLocal(const ExecutorNeeds &needs)
{
    local::LocalSettings settings{.jobsDirectory = needs.directory.jobs(),
                                  .agentProgram = beside(u"danube-agent"_s),
                                  .coordinatorProgram = beside(u"danube-coordinator"_s),
                                  .sdkDirectory = beside(u"../share/danube/sdk"_s),
                                  .orphanLimit =
                                      std::chrono::ceil<std::chrono::seconds>(needs.config.local.orphanLimit),
                                  .settle = needs.settle};
    const SandboxPrograms programs{.sandbox = beside(u"danube-sandbox"_s),
                                   .guard = beside(u"danube-guard"_s),
                                   .visible = {beside(u"."_s), settings.sdkDirectory}};
    ExecutorParts parts;
    parts.guard = findGuard(needs.config.local, programs);
    if (parts.guard->isActive()) {
        if (auto prepared = prepareFlows(needs.directory.egressFlows(), needs.directory.jobs()); !prepared)
            return std::unexpected(prepared.error());
        settings.sandbox = sandboxSettings(needs, programs);
    }
    if (parts.guard->kind == egress::JobGuard::Kind::Enforce)
        settings.refusal = parts.guard->trouble;
    parts.executor = std::make_unique<local::LocalExecutor>(std::move(settings), needs.logs, needs.keyring);
    return parts;
}

} // namespace

Result<ExecutorParts> makeExecutor(const ExecutorNeeds &needs)
{
    if (needs.config.executorKind == "kubernetes"_L1)
        return makeKubernetes(needs);
    return makeLocal(needs);
}

kubernetes::KubernetesSettings executorSettings(const config::Config &config)
{
    const config::KubernetesConfig &given = config.kubernetes;
    kubernetes::KubernetesSettings settings;
    settings.jobsNamespace = given.jobsNamespace;
    settings.coordinatorImage = given.coordinatorImage;
    settings.defaultWorkerImage = given.workerImage;
    settings.imagePrefixes = given.imagePrefixes;
    settings.imagePullSecrets = given.imagePullSecrets;
    settings.maxEphemeralImages = given.ephemeralImages;
    settings.runAsUser = given.runAsUser;
    settings.ceiling = {
        .allowRoot = given.allowRoot, .allowWritableRoot = given.allowWritableRoot, .capabilities = given.capabilities};
    settings.cpuRequest = given.cpuRequest;
    settings.memoryRequest = given.memoryRequest;
    settings.cpuLimit = given.cpuLimit;
    settings.memoryLimit = given.memoryLimit;
    settings.workspaceLimit = QString::number(toInt(config.workspaceBytes));
    settings.guardingPolicies = given.guardingPolicies;
    settings.startLimit = given.startLimit;
    settings.imagePullLimit = given.imagePullLimit;
    settings.killGrace = given.killGrace;
    settings.unreachableLimit = given.unreachableLimit;
    settings.instance = given.instance;
    return settings;
}

QString coordinatorRpcUrl(const config::Config &config, const QString &boundUrl)
{
    if (config.executorKind != "kubernetes"_L1)
        return boundUrl;
    if (!config.kubernetes.rpcUrl.isEmpty())
        return config.kubernetes.rpcUrl;
    if (config.rpcAddress.isLoopback())
        return boundUrl;
    return u"http://danube-master.%1.svc.cluster.local:%2"_s.arg(config.kubernetes.systemNamespace)
        .arg(config.rpcAddress.port);
}

} // namespace danube::app
