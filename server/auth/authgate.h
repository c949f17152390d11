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

/// Who may do what on REST: one administrator token. Mode "dev" makes it itself and serves peers on this machine only;
/// mode "token" is given it and serves any peer (docs/adr/0031). Immutable, so usable from any thread; OIDC and roles
/// replace what is inside admit(), not its callers.
class AuthGate
{
public:
    /// Reads the token from `tokenPath`, or makes it once (mode 0600). Errors: readable by others, malformed, cannot be
    /// written.
    static Result<AuthGate> openDevelopment(const QString &tokenPath, MetricsAccess metrics);
    /// Reads the token an operator made; group may read it (a mounted Secret belongs to root and the pod's group).
    /// Errors: missing, readable by all or writable by the group, malformed. Never makes the file.
    static Result<AuthGate> openToken(const QString &tokenPath, MetricsAccess metrics);
    static AuthGate withToken(Secret token, MetricsAccess metrics); ///< for tests; peers on this machine only

    /// The principal when it may use `right`. Right::None admits everybody, from everywhere. Else PermissionDenied for
    /// a peer of another machine in mode "dev", Unauthenticated without the right token (compared in constant time).
    Result<Principal> admit(const Attempt &attempt, Right right) const;

private:
    enum class Peers { ThisMachine, Any };
    AuthGate(Secret token, MetricsAccess metrics, Peers peers)
        : m_token(std::move(token)), m_metrics(metrics), m_peers(peers)
    {}
    Secret m_token;
    MetricsAccess m_metrics;
    Peers m_peers;
};

} // namespace danube::auth
