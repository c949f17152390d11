// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/search/logpattern.h"

namespace danube::console {

using search::LogPattern;
using search::LogQuery;

} // namespace danube::console
