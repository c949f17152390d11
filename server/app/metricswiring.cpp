// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/metricswiring.h"

#include "server/metrics/followingcounter.h"

namespace danube::app {

void showRpcIn(metrics::Metrics &metrics, rpc::RpcServer &server)
{
    auto connections = metrics.gauge("danube_rpc_connections", "Open RPC connections.");
    auto openCalls = metrics.gauge("danube_rpc_open_calls", "RPC calls that wait for their answer.");
    metrics::FollowingCounter requests(metrics.counter("danube_rpc_requests_total", "RPC requests since the start."));
    std::vector<metrics::FollowingCounter> refused;
    refused.reserve(rpc::allRefusals.size());
    for (const rpc::Refusal why : rpc::allRefusals)
        refused.emplace_back(metrics.counter("danube_rpc_refused_total",
                                             "RPC connections, streams and calls refused by a limit, by reason.",
                                             {{"reason", rpc::toText(why)}}));
    metrics.onScrape(&server, [=, &server]() mutable {
        const rpc::RpcCounts &counts = server.counts();
        connections.set(counts.connections);
        openCalls.set(counts.openCalls);
        requests.follow(counts.requests);
        for (const rpc::Refusal why : rpc::allRefusals)
            refused.at(static_cast<size_t>(why)).follow(counts.of(why));
    });
}

void showStoreIn(metrics::Metrics &metrics, QObject *context, const store::Store &store)
{
    auto queuedWrites = metrics.gauge("danube_store_queued_writes", "Writes that wait for the database.");
    metrics::FollowingCounter writes(metrics.counter("danube_store_writes_total", "Writes that became durable."));
    metrics::FollowingCounter commits(
        metrics.counter("danube_store_commits_total", "Transactions that made them durable, each with one sync."));
    metrics.onScrape(context, [=, &store]() mutable {
        queuedWrites.set(store.queuedWrites());
        const store::WriteCounts counts = store.writeCounts();
        writes.follow(counts.writes);
        commits.follow(counts.commits);
    });
}

} // namespace danube::app
