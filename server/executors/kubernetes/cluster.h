// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/executors/kubernetes/guardingpolicy.h"
#include "server/executors/kubernetes/kubernetessettings.h"
#include "server/executors/kubernetes/quotaqueue.h"
#include "server/kube/client.h"
#include "server/logs/logservice.h"

namespace danube::kubernetes {

/// What all jobs of one executor share. Outlives them; control thread.
struct Cluster
{
    KubernetesSettings settings;
    kube::Client &client;
    logs::LogService &logs;
    const auth::Keyring &keyring;
    GuardsOf guardsOf; ///< may be empty
    QuotaQueue quota;
};

} // namespace danube::kubernetes
