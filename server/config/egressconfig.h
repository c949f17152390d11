// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>
#include <QStringList>

namespace danube::config {

/// [egress]: what the master does about the Blueprint's allowlists in a cluster. All of it needs a restart to change.
struct EgressConfig
{
    bool apply = true;  ///< make the policy objects
    bool repair = true; ///< put right what others change in them
    QString flowsFile;  ///< Hubble's export file, or a FIFO; empty = refusals are not known
    QString ciliumVersion = QStringLiteral("1.19");
    QString dnsNamespace = QStringLiteral("kube-system");
    QStringList dnsLabels{QStringLiteral("k8s-app=kube-dns")}; ///< key=value, of the resolver's pods
    int dnsPort = 53;                                          ///< of those pods
    QStringList services;                                      ///< that lists may name; shared/egress/servicetext.h
    QStringList fallbackCidrs;                                 ///< without Cilium: what jobs reach on 80 and 443
    QString canaryHost = QStringLiteral("example.com");        ///< forbidden, and existing; empty = no canary
    milliseconds canaryInterval{3'600'000};
    bool operator==(const EgressConfig &) const = default;
};

} // namespace danube::config
