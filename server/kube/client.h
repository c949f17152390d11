// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"
#include "server/kube/clusteraccess.h"
#include "server/kube/limiter.h"
#include "server/kube/request.h"

#include <QObject>

#include <functional>
#include <memory>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;
class QSslConfiguration;

namespace danube::kube {

/// Credentials and TLS as connections use them. Threads: any; values only.
class Credentials
{
public:
    explicit Credentials(ClusterAccess access);
    const ClusterAccess &access() const { return m_access; }
    /// "Bearer …", or empty. A token file is read again when its content may have changed (at most once a second) and
    /// always after forget().
    QByteArray authorization();
    void forget(); ///< the server answered 401
    /// With CA, client certificate and "http/1.1" as the only ALPN name (an upgrade is impossible over h2).
    Result<QSslConfiguration> tls() const;

private:
    ClusterAccess m_access;
    std::mutex m_mutex;
    QByteArray m_token;
    SteadyTime m_readAt{};
};

struct ClientSettings
{
    double qps = 100;
    int burst = 200;
    QByteArray userAgent = "danube";
    milliseconds retryFirst{200}; ///< backoff of repeatable requests, with jitter
    milliseconds retryLimit{10'000};
};

/// One API server: reuses connections, limits its rate, waits as 429 and Retry-After say, repeats what may be repeated
/// until the request's deadline. Every answer comes once, later, on the thread it lives in (control); none when
/// `context` is gone. Redirects are refused. Answers over 64 MiB are refused.
class Client : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<void(ApiResult<QJsonObject>)>;

    Client(std::shared_ptr<Credentials> credentials, ClientSettings settings, QObject *parent = nullptr);
    ~Client() override;

    void send(Request request, QObject *context, Answer answer);
    /// Follows list's `continue` to the end: all items, and the first page's metadata.resourceVersion under "metadata".
    void listAll(const ResourceType &type, const QString &nameSpace, const QString &labelSelector, QObject *context,
                 Answer answer);
    /// One streaming answer (watch), unparsed; limited like the others, never repeated. The caller owns the reply.
    void openStream(Request request, QObject *context, std::function<void(QNetworkReply *)> opened);

    const std::shared_ptr<Credentials> &credentials() const { return m_credentials; }
    const std::shared_ptr<Limiter> &limiter() const { return m_limiter; }

    struct Counts
    {
        quint64 requests = 0; ///< put on the wire
        quint64 refused429 = 0;
        quint64 repeated = 0;
    };
    const Counts &counts() const { return m_counts; }

private:
    std::shared_ptr<Credentials> m_credentials;
    std::shared_ptr<Limiter> m_limiter;
    ClientSettings m_settings;
    std::unique_ptr<QNetworkAccessManager> m_network;
    Counts m_counts;
};

} // namespace danube::kube
