// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QStringList>

namespace danube::egress {

/// What a policy object says, rule by rule in words: "allows packages.example.org on TCP 80 and TCP 443 (TLS name
/// checked)", "denies 169.254.169.254/32". Of both kinds (cilium.io/v2 and networking.k8s.io/v1). One sentence per
/// name, so that two objects can be compared by their sentences; what is no rule of ours is shown as JSON, never left
/// out. Sorted, none twice. Pure.
QStringList rulesInWords(const QJsonObject &policy);

} // namespace danube::egress
