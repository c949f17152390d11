// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/policy.h"

namespace danube::egress {

/// A Service of the cluster as people write it: NAME.NAMESPACE:PORT[/TARGET]=KEY=VALUE[,KEY=VALUE], the labels being
/// its selector. InvalidArgument names the text.
Result<Service> parseService(const QString &text);

} // namespace danube::egress
