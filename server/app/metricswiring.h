// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/metrics/metrics.h"
#include "server/rpc/rpcserver.h"
#include "server/store/store.h"

namespace danube::app {

/// danube_rpc_*: connections, calls, and whom the port turned away, by reason. Until `server` is gone.
void showRpcIn(metrics::Metrics &metrics, rpc::RpcServer &server);

/// danube_store_*. Until `context` is gone.
void showStoreIn(metrics::Metrics &metrics, QObject *context, const store::Store &store);

} // namespace danube::app
