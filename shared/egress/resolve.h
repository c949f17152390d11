// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/policy.h"

/// From texts to what policies are built of. Internal to shared/egress.
namespace danube::egress {

/// Pods and ports that are opened as such, not by name.
struct ServiceAccess
{
    Peer pods;
    QStringList ports; ///< targets, sorted
};

struct ResolvedList
{
    QString pipeline; ///< empty = base
    QString label;    ///< the pipeline as a label's value and part of a name
    Mode mode = Mode::Enforce;
    QList<Entry> names; ///< public, sorted, none twice; a pipeline's without those of the base
    QList<ServiceAccess> services;
    bool isEmpty() const { return names.isEmpty() && services.isEmpty(); }
};

struct ResolvedRequest
{
    ResolvedList base;
    QList<ResolvedList> pipelines; ///< sorted by label
    QStringList notes;
};

/// InvalidArgument for a list with an entry that is none, an unusable pipeline name, two pipelines of one label, a
/// master without selector or port. ResourceExhausted for too many.
Result<ResolvedRequest> resolve(const PolicyRequest &request, const PolicySettings &settings);

/// The ports of a Service as its pods have them.
QString targetOf(const ServicePort &port);

} // namespace danube::egress
