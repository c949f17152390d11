// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/manifest.h"

/// Single rules of a CiliumNetworkPolicy. Each has one kind of peer: Cilium refuses toFQDNs beside toEndpoints.
/// Internal to shared/egress.
namespace danube::egress::cilium {

/// DNS to the cluster's resolver, UDP and TCP, through Cilium's proxy: only what is asked there is known to toFQDNs.
/// `withCluster` adds the names 1..8 labels below the cluster's domain, `isOpen` allows every name (still watched).
struct DnsNames
{
    QList<Entry> names;
    bool withCluster = false;
    bool isOpen = false;
};
QJsonObject dnsRule(const DnsNames &names, const PolicySettings &settings);

QJsonObject endpointsRule(const ServiceAccess &access);

/// Rules for names, grouped by the ports and by whether TLS names can be checked.
QJsonArray nameRules(const QList<Entry> &names, const PolicySettings &settings);

QJsonObject worldRule();
QJsonArray denyRules(const PolicySettings &settings, Mode mode);

} // namespace danube::egress::cilium
