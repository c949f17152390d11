// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/blueprint/blueprintservice.h"
#include "server/config/config.h"
#include "server/egress/egressservice.h"
#include "server/executors/kubernetes/guardingpolicy.h"
#include "server/jobs/engine.h"
#include "server/metrics/metrics.h"

namespace danube::app {

/// What egress is given; all of it outlives it.
struct EgressNeeds
{
    const config::Config &config;
    const Clock &clock;
    store::Store &store;
    kube::Client *client;                  ///< null for the local executor: no policies
    std::optional<egress::JobGuard> guard; ///< of the local executor
    QString localFlows;                    ///< what its guards write
    QString rpcUrl;                        ///< as coordinators reach the master: what a canary must reach, too
};

/// [egress] and [kubernetes] as a service, not started. InvalidArgument for a version of Cilium that is none.
Result<std::unique_ptr<egress::EgressService>> makeEgress(const EgressNeeds &needs);

/// The policies that guard a pipeline's jobs, as the executor reads them back before each pod.
Result<QList<kubernetes::GuardingPolicy>> guardsOf(const egress::EgressService &egress, const QString &pipeline);

/// Takes over the configuration in force, and each one after it.
void followBlueprint(egress::EgressService &egress, blueprint::BlueprintService &blueprint);

/// on_violation of a job's pipeline: log (the master's log has it anyhow), warn (a line in the job's log), fail.
/// `store` knows the steps' names.
void actOnViolations(egress::EgressService &egress, jobs::Engine &engine, const store::Store &store);

/// Keeps with each job what guards it when it is started, and what becomes of that until it runs.
void noteLevels(const egress::EgressService &egress, jobs::Engine &engine, store::Store &store);

/// danube_egress_*: level, policies by state, flows, refusals.
void showEgressIn(metrics::Metrics &metrics, egress::EgressService &egress);

} // namespace danube::app
