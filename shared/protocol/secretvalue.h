// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

namespace danube::protocol {

inline constexpr qsizetype longestSecret = 64 * 1024; ///< bytes of a value

/// {"value": "…"}, the body of PUT /api/v1/secrets/{name}, written without a QJsonValue, whose copies nobody wipes.
/// InvalidArgument: empty, too long, or no UTF-8, which JSON cannot hold.
Result<Secret> secretBody(const Secret &value);

} // namespace danube::protocol
