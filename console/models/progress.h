// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/job.h"
#include "shared/model/step.h"

namespace danube::console {

// The same thing arrives on two ways, as answer of a call and as event, in any order. A lifecycle never goes back, so
// its state tells which of two is older; of two in one state neither is.

bool isOlder(const Job &one, const Job &other);
bool isOlder(const Step &one, const Step &other);

} // namespace danube::console
