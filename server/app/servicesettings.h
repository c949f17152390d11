// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/app/datadirectory.h"
#include "server/blueprint/blueprintservice.h"
#include "server/config/config.h"
#include "server/http/httplimits.h"
#include "server/jobs/engine.h"
#include "server/quota/quotawatch.h"
#include "server/rpc/rpcsettings.h"

namespace danube::app {

/// What each service takes out of the configuration.

quota::Reserve reserveOf(const config::Config &config);
quota::QuotaWatch::Settings quotaSettings(const config::Config &config, const DataDirectory &directory);
blueprint::BlueprintService::Settings blueprintSettings(const config::Config &config, const DataDirectory &directory);
jobs::EngineSettings engineSettings(const config::Config &config);
rpc::RpcSettings rpcSettings(const config::Config &config);
/// Within the descriptors that the system gives this process, after it was asked for more.
http::HttpLimits httpLimits(const config::Config &config);

} // namespace danube::app
