// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/attempt.h"
#include "shared/egress/explain.h"

namespace danube::egress {

/// Whether enforcing the lists would let an attempt through: what audit mode tells of flows that were forwarded. Pure.
///
/// A query is for a listed name, or for one 1..8 labels below the cluster's domain. A connection is to a listed name of
/// its address; all go to the cluster's resolver; none but TCP goes elsewhere. A pod of the cluster that the flow names
/// no Service for is passed over as allowed: which Service it belongs to cannot be told from the flow.
bool isListed(const Attempt &attempt, const Allowlists &lists, const LintOptions &options = {});

} // namespace danube::egress
