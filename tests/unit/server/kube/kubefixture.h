// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/clusteraccess.h"
#include "tests/support/kube/scriptedtlsserver.h"

namespace danube::tests {

inline kube::ClusterAccess accessTo(const ScriptedTlsServer &server)
{
    kube::ClusterAccess access;
    access.server = QUrl(server.url());
    access.caPem = server.authority().certificate();
    access.token = Secret("t0ken");
    return access;
}

} // namespace danube::tests
