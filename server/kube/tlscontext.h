// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/clusteraccess.h"

#include <openssl/ssl.h>

#include <memory>

namespace danube::kube {

using TlsContext = std::shared_ptr<SSL_CTX>;

/// OpenSSL's settings for connections to one API server: TLS 1.2 or later, its authorities (an intermediate one counts
/// as an anchor, as for kubectl), the client certificate, "http/1.1" as the only ALPN name.
/// InvalidArgument: a PEM block that cannot be read.
Result<TlsContext> makeTlsContext(const ClusterAccess &access);

/// A connection's state in `context`, which verifies the peer as `name` (a host name or an IP address).
using TlsSession = std::unique_ptr<SSL, decltype(&SSL_free)>;
TlsSession makeTlsSession(const TlsContext &context, const QString &name);

/// Why the handshake failed, in words for a user.
QString tlsFailure(const SSL &session);

} // namespace danube::kube
