// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/model/principal.h"

namespace danube::auth {

enum class MetricsAccess { Bearer, Open };

/// What a request shows of itself.
struct Attempt
{
    bool loopbackPeer = false;
    QByteArray authorization; ///< value of the Authorization header; empty = none
};

/// Who may do what on REST. Mode "dev": peers on this machine only, one administrator token. Immutable, so usable from
/// any thread; OIDC and roles replace what is inside admit(), not its callers.
class AuthGate
{
public:
    /// Reads the token from `tokenPath`, or makes it once (mode 0600). Errors: readable by others, malformed, cannot be
    /// written.
    static Result<AuthGate> openDevelopment(const QString &tokenPath, MetricsAccess metrics);
    static AuthGate withToken(Secret token, MetricsAccess metrics); ///< for tests

    /// The principal when it may use `right`. Right::None admits everybody, from everywhere. Else PermissionDenied for
    /// a peer of another machine, Unauthenticated without the right token (compared in constant time).
    Result<Principal> admit(const Attempt &attempt, Right right) const;

private:
    AuthGate(Secret token, MetricsAccess metrics) : m_token(std::move(token)), m_metrics(metrics) {}
    Secret m_token;
    MetricsAccess m_metrics;
};

} // namespace danube::auth
