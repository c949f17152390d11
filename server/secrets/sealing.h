// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

namespace danube::secrets {

/// AES-256-GCM with a fresh nonce: 12 bytes of nonce, the ciphertext, 16 bytes of tag. `key` has 32 bytes; `associated`
/// says what the value is for and is bound to it without being stored.
Result<QByteArray> seal(const Secret &key, const QByteArray &associated, const Secret &value);
/// DataLoss when it was sealed with another key, for something else, or changed since. Nothing is told apart.
Result<Secret> unseal(const Secret &key, const QByteArray &associated, const QByteArray &sealed);

} // namespace danube::secrets
