// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/pattern.h"

/// What the linter knows of the public internet: short lists of well-known places, kept by hand. They make hints and
/// warnings, never permissions, so a missing name costs a hint and nothing else.
namespace danube::egress::known {

/// Labels of the domain under which everybody may register: 1 for "org", 2 for "co.uk". The whole public suffix list
/// is ten thousand rows and changes weekly; the linter needs its shape only.
qsizetype publicSuffixLabels(const QStringList &labels);

/// The well-known resolver over HTTPS or TLS that the pattern lets through, or nothing.
std::optional<QString> resolverIn(const Pattern &pattern);

enum class Sharing {
    None,
    Address, ///< a CDN: many sites behind the same addresses
    Names,   ///< hosting: anybody gets a name below
    Tunnels, ///< dynamic DNS, tunnels, names that resolve to any address
};
struct SharedDomain
{
    QString domain;
    Sharing sharing = Sharing::None;
};
/// Where a name (canonical labels) belongs to; None when it is nowhere known.
SharedDomain sharedDomainOf(const QStringList &labels);

} // namespace danube::egress::known
