// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/clusteraccess.h"
#include "server/kube/request.h"
#include "server/kube/tlscontext.h"

#include <mutex>
#include <optional>

class QNetworkProxy;
class QSslConfiguration;

namespace danube::kube {

/// Credentials and TLS as connections use them. Threads: any; values only.
class Credentials
{
public:
    /// `clock` outlives it; none = the system's.
    explicit Credentials(ClusterAccess access, const Clock *clock = nullptr);
    const ClusterAccess &access() const { return m_access; }

    /// "Bearer …", or empty. A token file is read again when its content may have changed (at most once a second) and
    /// always after forget(). A file that cannot be read any more leaves the last token in force; it is an error only
    /// when there has been none.
    Result<QByteArray> authorization();
    void forget(); ///< the server answered 401

    /// With CA, client certificate and "http/1.1" as the only ALPN name (an upgrade is impossible over h2).
    Result<QSslConfiguration> tls() const;
    Result<TlsContext> tlsContext(); ///< the same for OpenSSL; made once
    QNetworkProxy proxy() const;     ///< never the environment's
    /// The request's URL under the server's prefix. InvalidArgument: neither https, nor http to this very machine.
    Result<QUrl> url(const Request &request) const;

private:
    Result<void> readToken(SteadyTime now);

    ClusterAccess m_access;
    const Clock *m_clock;
    std::mutex m_mutex;
    QByteArray m_token;
    std::optional<SteadyTime> m_readAt;
    TlsContext m_tlsContext;
};

} // namespace danube::kube
