// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/h2session.h"
#include "server/coordinator/retrypolicy.h"
#include "server/coordinator/rpcdialer.h"
#include "shared/core/secret.h"

#include <QTcpSocket>
#include <QTimer>

namespace danube::coordinator {

struct HttpRequest
{
    QByteArray method = "POST";
    QByteArray path; ///< with query, encoded
    QByteArray contentType = "application/json";
    QByteArray body;
    BodySource source;       ///< instead of `body`, for long ones
    qint64 sourceLength = 0; ///< of `source`
    /// Takes the body of a 2xx answer as it comes, instead of HttpAnswer::body; false gives up.
    std::move_only_function<bool(QByteArrayView)> sink;
};

struct RpcEndpoint
{
    QString host;
    quint16 port = 0;
    QByteArray authority() const;
};
/// From http://host:port; InvalidArgument for anything else.
Result<RpcEndpoint> parseRpcUrl(const QString &url);

struct RpcTiming
{
    milliseconds connect{10'000}; ///< until the TCP connection stands
    milliseconds pingEvery{10'000};
    /// A peer silent for longer after a ping is gone (half-open connection). A time in which this process did not run
    /// counts for a quarter of it at most.
    milliseconds pongWithin{15'000};
};

/// One TCP connection to the master with many calls on it. When it breaks every open call fails (Unavailable, Timeout
/// or Protocol) and it is of no more use. No limit on how long a call may take as long as the peer answers pings.
class RpcConnection : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<HttpAnswer>)>;
    static constexpr qsizetype maxBody = 32 << 20; ///< of an answer without a sink

    /// By `dialer`, where given; else by itself.
    RpcConnection(RpcEndpoint endpoint, const Secret &token, RpcTiming timing, RpcDialer *dialer = nullptr);
    ~RpcConnection() override;

    void send(HttpRequest request, Done done);
    /// False once it broke or the peer takes no more calls on it.
    bool isOpen() const { return m_isOpen; }
    bool hasCalls() const { return !m_calls.empty(); }

signals:
    void lastCallEnded();

private:
    struct Call
    {
        Done done;
        std::move_only_function<bool(QByteArrayView)> sink;
        HttpAnswer answer;
        std::optional<Error> error; ///< ours; wins over what the peer says
    };
    void onDialled(const Result<int> &descriptor);
    void connected();
    void read();
    void write();
    void handle(const H2Event &event);
    void takeData(int32_t stream, const QByteArray &bytes);
    void endCall(int32_t stream, std::optional<Error> error);
    void breakDown(const Error &error);
    void checkPeer();
    void noteSilence();
    void giveUp(const QString &why);

    RpcEndpoint m_endpoint;
    Secret m_authorization;
    RpcTiming m_timing;
    QTcpSocket m_socket;
    H2Session m_session;
    QTimer m_connectTimer;
    QTimer m_pingTimer;
    QTimer m_pongTimer; ///< runs in parts of the whole wait
    int m_silentParts = 0;
    std::map<int32_t, Call> m_calls;
    bool m_isOpen = true;
};

} // namespace danube::coordinator
