// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <optional>

namespace danube::auth {

/// Everything the master must know again after a crash, derived from one 32-byte key in a file of mode 0600: job
/// tokens, agent keys. Nothing derived is ever stored (docs/adr/0004-derived-keys.md). Immutable, so usable from any
/// thread.
class Keyring
{
public:
    /// Reads `path`, or makes it. Errors: wrong size, readable by others, cannot be written.
    static Result<Keyring> open(const QString &path);
    static Keyring fromKey(Secret key); ///< 32 bytes; for tests

    /// "<job id>.<43 base64url characters>": names its job, so that no table of tokens is needed.
    Secret jobToken(const JobId &job) const;
    /// The job of a genuine token; constant time in the secret part.
    std::optional<JobId> verifyJobToken(QByteArrayView token) const;
    /// 32 bytes, shared by the master and the agent of one container of one job.
    Secret agentKey(const JobId &job, const QString &container) const;

private:
    explicit Keyring(Secret key) : m_key(std::move(key)) {}
    Secret derive(QByteArrayView label, QByteArrayView context) const;
    Secret m_key;
};

} // namespace danube::auth
