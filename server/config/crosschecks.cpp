// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

std::optional<QString> checkAuth(const Config &config)
{
    const bool onlyLoopback = config.httpAddress.isLoopback() && config.webSocketAddress.isLoopback();
    if (config.authMode == "dev"_L1 && !onlyLoopback)
        return u"auth.mode: \"dev\" is for loopback only, but server.bind_address or server.websocket_address is not a "
               "loopback address (\"token\" serves any)"_s;
    if (config.authMode == "token"_L1 && config.authTokenFile.isEmpty())
        return u"auth.token_file: expected the file with the administrator's token, because auth.mode is \"token\""_s;
    return {};
}

std::optional<QString> checkBlueprint(const Config &config)
{
    const BlueprintConfig &repository = config.blueprint;
    if (!repository.url.isEmpty() && !config.blueprintDirectory.isEmpty())
        return u"config_repo.directory: the configuration comes from config_repo.url already; keep one of them"_s;
    if (!repository.sshKeyPath.isEmpty() && repository.knownHostsPath.isEmpty())
        return u"config_repo.known_hosts_path: expected a file with the host's key, because config_repo.ssh_key_path "
               u"is "
               "set"_s;
    if (repository.requireSigned && repository.allowedSigners.isEmpty())
        return u"config_repo.allowed_signers: expected an allowed_signers file, because config_repo.require_signed is "
               "set"_s;
    if (repository.syncInterval > milliseconds(0) && repository.syncInterval < milliseconds(1'000))
        return u"config_repo.sync_interval: expected at least 1s, or 0s for \"only when asked\""_s;
    return {};
}

std::optional<QString> checkEgress(const EgressConfig &config)
{
    if (config.canaryInterval < milliseconds(60'000))
        return u"egress.canary_interval: expected at least 1m"_s;
    return {};
}

std::optional<QString> checkKubernetes(const KubernetesConfig &config, bool makesPolicies)
{
    if (config.coordinatorImage.isEmpty())
        return u"kubernetes.coordinator_image: expected an image, because executor.kind is \"kubernetes\""_s;
    if (config.runAsUser == 0 && !config.allowRoot)
        return u"kubernetes.run_as_user: 0 is root, which kubernetes.allow_root = false forbids"_s;
    if (config.cilium == "required"_L1 && config.guardingPolicies.isEmpty() && !makesPolicies)
        return u"kubernetes.guarding_policies: expected at least one name, because kubernetes.cilium is \"required\" "
               u"and "
               "no Blueprint repository (config_repo.url, egress.apply) brings policies"_s;
    if (config.cilium == "off"_L1 && !config.guardingPolicies.isEmpty())
        return u"kubernetes.guarding_policies: expected none, because kubernetes.cilium is \"off\""_s;
    if (!config.context.isEmpty() && config.kubeconfig.isEmpty())
        return u"kubernetes.context: names a context of kubernetes.kubeconfig, which is not set"_s;
    if (config.startLimit <= milliseconds(0))
        return u"kubernetes.start_limit: expected more than 0s"_s;
    return {};
}

} // namespace

std::optional<QString> checkTogether(const Config &config)
{
    auto found = checkAuth(config);
    if (!found)
        found = checkBlueprint(config);
    if (!found)
        found = checkEgress(config.egress);
    if (found || config.executorKind != "kubernetes"_L1)
        return found;
    return checkKubernetes(config.kubernetes, config.egress.apply && !config.blueprint.url.isEmpty());
}

} // namespace danube::config
