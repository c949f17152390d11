// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/rpcrouter.h"
#include "server/rpc/socketpoller.h"

namespace danube::rpc {

/// One client's socket and its HTTP/2 session. Rpc thread. It reads only while what it has to write is taken, so a peer
/// that does not read is not read either; the owner's tick() ends what stalls.
class RpcConnection final : public QObject, public PolledSocket
{
    Q_OBJECT
public:
    /// Owns `descriptor`. `scratch` is where bytes are read into, shared by all connections of the thread.
    RpcConnection(int descriptor, SocketPoller &poller, RpcRouter &router, const RpcSettings &settings,
                  const Clock &clock, std::span<char> scratch);
    ~RpcConnection() override;

    Result<void> start();                ///< begins to listen to the peer; once
    void tick(milliseconds idleTimeout); ///< about once a second: timeouts and pings
    void drain();                        ///< says GOAWAY; closes when the calls under way are answered
    int openCalls() const { return static_cast<int>(m_exchanges.size()); }
    /// Since when it could go for a newcomer: never showed a genuine token, or all is said. nullopt: it may stay.
    std::optional<SteadyTime> dispensableSince() const;
    const std::optional<JobId> &job() const { return m_job; } ///< whose token it showed first
    SteadyTime openedAt() const { return m_openedAt; }
    void makeRoom(); ///< for a newcomer: says goodbye and closes now

signals:
    void requestStarted();
    void refused(danube::rpc::Refusal why);
    void closed(); ///< the last signal; the socket is closed

private:
    enum class State {
        Open,
        Lingering, ///< all is said; what the peer still sends is thrown away, so that its kernel keeps our last words
        Closed,
    };
    void onReady() override;
    void readSome();
    void discardSome();
    void handleEvents();
    void handle(RequestStarted &&event);
    void handle(const BodyChunk &event);
    void handle(const RequestEnded &event);
    void handle(const StreamClosed &event);
    void handle(const PeerRefused &event) { emit refused(event.why); }
    void scheduleFlush();
    void flush();
    bool writeSome(); ///< false = nothing more can be written now
    void waitFor(SocketPoller::Wait wait);
    void linger();
    void close();
    void closeSocket();
    void giveUp(Refusal why);
    void checkPeer(SteadyTime now, milliseconds idleTimeout);

    int m_descriptor; ///< -1 = closed
    SocketPoller &m_poller;
    RpcRouter &m_router;
    const RpcSettings &m_settings;
    const Clock &m_clock;
    std::span<char> m_scratch;
    H2Session m_session;
    SocketPoller::Wait m_wait = SocketPoller::Wait::ToRead; ///< to write while there is a backlog
    std::unordered_map<StreamId, std::shared_ptr<Exchange>> m_exchanges;
    std::vector<H2Event> m_events; ///< being handled
    QByteArray m_output;
    qsizetype m_outputAt = 0;
    State m_state = State::Open;
    bool m_isFlushScheduled = false;
    bool m_isDraining = false;
    bool m_isKnown = false; ///< a call of it had a genuine token
    std::optional<JobId> m_job;
    SteadyTime m_openedAt;
    SteadyTime m_heardAt;
    SteadyTime m_pingedAt;
    SteadyTime m_progressAt; ///< of writing
    SteadyTime m_busyAt;     ///< last time a call was open
};

} // namespace danube::rpc
