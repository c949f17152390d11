// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>
#include <QStringList>

namespace danube::config {

/// [local]: jobs as processes of this machine. All of it needs a restart to change.
struct LocalConfig
{
    QString egress = QStringLiteral("enforce"); ///< "enforce", "audit", "off"
    QStringList egressHosts;        ///< "name=address" or "name=address:port": where listed names are, instead of DNS
    QStringList egressPrivateHosts; ///< names whose addresses may be private ones
    QString egressResolver;         ///< "address:port" of a DNS server; empty = as this machine resolves names
    QStringList visiblePaths;       ///< folders that jobs see, read-only, besides the system's
    milliseconds orphanLimit{24 * 3'600'000}; ///< a job whose master is away for longer ends by itself
    bool operator==(const LocalConfig &) const = default;
};

} // namespace danube::config
