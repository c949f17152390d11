// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

namespace danube::blueprint {

/// What a GitHub App signs in with (RFC 7519, RS256): issued 60 s before `now`, because clocks differ, and good for 9
/// minutes after it; GitHub takes at most ten. InvalidArgument when the key is no RSA key of 2048 bits or more in PEM
/// without a password; the message says what was expected and holds nothing of the key. Pure.
Result<Secret> makeAppJwt(qint64 appId, const Secret &privateKey, WallTime now);

} // namespace danube::blueprint
