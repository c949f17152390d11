// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/servicesettings.h"

#include "server/app/descriptorlimit.h"
#include "server/app/executorfactory.h"

#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

constexpr milliseconds schedulingMargin{60'000};

} // namespace

quota::Reserve reserveOf(const config::Config &config)
{
    return {config.freeReserve.percent, config.freeReserve.bytes};
}

quota::QuotaWatch::Settings quotaSettings(const config::Config &config, const DataDirectory &directory)
{
    return {.jobs = directory.jobs(),
            .quotas = {.logBytes = config.logBytes,
                       .workspaceBytes = config.workspaceBytes,
                       .workspaceFiles = config.workspaceFiles,
                       .reserve = reserveOf(config)}};
}

blueprint::BlueprintService::Settings blueprintSettings(const config::Config &config, const DataDirectory &directory)
{
    const config::BlueprintConfig &repository = config.blueprint;
    return {.url = repository.url,
            .branch = repository.branch,
            .path = repository.path,
            .syncInterval = repository.syncInterval,
            .sshKeyPath = repository.sshKeyPath,
            .knownHostsPath = repository.knownHostsPath,
            .mayPush = repository.push,
            .signing = {.isRequired = repository.requireSigned,
                        .allowedSigners = repository.allowedSigners,
                        .signingKey = repository.signingKeyPath},
            .allowedProtocols = config.sourceProtocols,
            .directory = directory.blueprint()};
}

jobs::EngineSettings engineSettings(const config::Config &config)
{
    jobs::EngineSettings settings;
    settings.maxConcurrentJobs = config.maxConcurrentJobs;
    // The executor's own limit comes first, as it knows what the pod waits for.
    if (config.executorKind == "kubernetes"_L1)
        settings.schedulingTimeout = executorSettings(config).startLimit + schedulingMargin;
    return settings;
}

rpc::RpcSettings rpcSettings(const config::Config &config)
{
    rpc::RpcSettings settings;
    settings.address = QHostAddress(config.rpcAddress.host);
    settings.port = config.rpcAddress.port;
    settings.uploadLimit = toInt(config.artifactBytes);
    return settings;
}

http::HttpLimits httpLimits(const config::Config &config)
{
    http::HttpLimits limits = http::HttpLimits().within(raiseDescriptorLimit());
    limits.streamRate = toInt(config.sseRateLimit);
    limits.requests = {config.requestRate, config.requestBurst};
    limits.refusals = {config.refusalRate, config.refusalBurst};
    return limits;
}

} // namespace danube::app
