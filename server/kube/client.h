// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"
#include "server/kube/credentials.h"
#include "server/kube/limiter.h"
#include "server/kube/request.h"

#include <QObject>

#include <functional>
#include <memory>

class QNetworkReply;

namespace danube::kube {

class Transport;
class Turnstile;

struct ClientSettings
{
    double qps = 100;
    int burst = 200;
    QByteArray userAgent = "danube";
    milliseconds retryFirst{200}; ///< backoff of repeatable requests, with jitter
    milliseconds retryLimit{10'000};
};

struct ClientCounts
{
    quint64 requests = 0; ///< put on the wire
    quint64 refused429 = 0;
    quint64 repeated = 0;
};

/// One API server: reuses connections, limits its rate, waits as 429 and Retry-After say, repeats what may be repeated
/// until the request's deadline. A 429 is repeated for every verb, for the server did nothing; a 401 once, with a token
/// read anew. Every answer comes once, later, on the thread it lives in (control); none when `context` is gone.
/// Redirects are refused. Answers over 64 MiB are refused, and so is a request that finds 10 000 others waiting.
class Client : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<void(ApiResult<QJsonObject>)>;
    using Opened = std::function<void(ApiResult<QNetworkReply *>)>;
    using Counts = ClientCounts;

    Client(std::shared_ptr<Credentials> credentials, ClientSettings settings, QObject *parent = nullptr);
    ~Client() override; ///< ends what is under way without an answer

    void send(Request request, QObject *context, Answer answer);
    /// Follows list's `continue` to the end: all items, and the first page's metadata.resourceVersion under "metadata".
    /// A page token that expired on the way makes it read all anew, in one page.
    void listAll(const ResourceType &type, const QString &nameSpace, const QString &labelSelector, QObject *context,
                 Answer answer);
    /// One streaming answer (watch), unparsed; limited like the others, never repeated, without a deadline. The caller
    /// owns the reply, and judges it with isSuccess() and errorOf() of transport.h when it has finished.
    void openStream(const Request &request, QObject *context, const Opened &opened);

    const std::shared_ptr<Credentials> &credentials() const { return m_credentials; }
    const std::shared_ptr<Limiter> &limiter() const { return m_limiter; }
    const Counts &counts() const { return m_counts; }

private:
    std::shared_ptr<Credentials> m_credentials;
    std::shared_ptr<Limiter> m_limiter;
    ClientSettings m_settings;
    Counts m_counts;
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<Turnstile> m_turnstile;
};

} // namespace danube::kube
