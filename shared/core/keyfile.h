// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

namespace danube {

inline constexpr int keyFileBytes = 32;

/// The key in a file of mode 0600, made with fresh randomness when there is no file. Errors: another size (DataLoss),
/// open to others (PermissionDenied), cannot be read or written (Io).
Result<Secret> openKeyFile(const QString &path);

} // namespace danube
