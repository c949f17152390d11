// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/rpcconnection.h"

#include <QJsonObject>
#include <QPointer>

namespace danube::coordinator {

struct RpcSettings
{
    RpcEndpoint endpoint;
    Secret token;
    RpcDialer *dialer = nullptr; ///< makes the connections where given; outlives the client
    RpcTiming timing{};
    milliseconds retryBase{100};
    milliseconds retryCap{5'000};
    Backoff::Random random = Backoff::systemRandom();
};

/// Calls to the master's RPC port. call() repeats an attempt for as long as nobody answered for good, so a master that
/// is restarted goes unnoticed; every repeatable call must therefore be idempotent on the master's side (run-step by
/// its request_id). One thread. Callbacks come later than the call, and never once `context` is gone.
class RpcClient : public QObject
{
    Q_OBJECT
public:
    using Attempted = std::move_only_function<void(Result<HttpAnswer>)>;
    using Done = std::move_only_function<void(Result<QJsonObject>)>;
    /// Makes the request anew for each attempt.
    using Maker = std::move_only_function<HttpRequest()>;

    explicit RpcClient(RpcSettings settings);
    ~RpcClient() override;

    /// POST of a JSON body, answered by a JSON object; errors are final and carry the problem's detail.
    void post(const QByteArray &path, const QJsonObject &body, QObject *context, Done done);
    void get(const QByteArray &path, QObject *context, Done done);
    /// Any request with retries; the answer is 2xx.
    void call(Maker maker, QObject *context, Attempted done);
    /// One attempt, whatever comes of it.
    void attempt(HttpRequest request, QObject *context, Attempted done);

    Backoff newBackoff() const { return {m_settings.retryBase, m_settings.retryCap, m_settings.random}; }

private:
    struct Repeated;
    void repeat(const std::shared_ptr<Repeated> &repeated);
    RpcConnection &connection();

    RpcSettings m_settings;
    std::unique_ptr<RpcConnection> m_connection;
};

} // namespace danube::coordinator
