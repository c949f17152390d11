// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/connector.h"
#include "server/guard/gate.h"
#include "server/guard/pump.h"
#include "server/guard/site.h"

#include <optional>

namespace danube::guard {

/// One connection of the job: hears what the client says first, judges it, connects to the name that its address was
/// given for, and moves bytes until both sides have ended. Owned by ConnectionTable.
class Connection final : public EventSink
{
public:
    /// On a port where servers may speak first, and in audit mode: the wait for a client to say something.
    static constexpr milliseconds patience{150};
    static constexpr milliseconds lingering{1'000}; ///< for a refused client to read why

    /// What the owner does; both may be called within any of this object's functions, so it deletes later.
    struct Owner
    {
        std::function<void()> decided; ///< no longer half-open
        std::function<void()> ended;
        /// Runs the function on the connection in a later turn, if it is there still.
        std::function<void(std::function<void(Connection &)>)> later;
    };
    Connection(Site &site, FileDescriptor client, Owner owner);
    ~Connection();

    void start();
    void reset(); ///< ends at once; both peers get RST

private:
    enum class State { Hearing, Relaying, Lingering, Ended };
    enum Tag { Client, Upstream };
    void onEvents(int tag, uint32_t events) override;
    void limitHello();
    void hear();
    void judged();
    void object();
    void refuse(std::string_view word, const QString &sentence, std::string reply);
    void reachOut();
    void connectTo(const Lookup &lookup);
    void connected(FileDescriptor socket, int error);
    void relay();
    void relayIfReady();
    void move();
    bool filter(std::string_view bytes, std::string &out);
    void linger();
    void end();
    void watchIdle();
    void account();
    const std::string &objectedHost() const;

    Site &m_site;
    Owner m_owner;
    State m_state = State::Hearing;
    std::string m_name; // that the address was given for
    IpAddress m_address;
    uint16_t m_port = 0;
    bool m_hasObjected = false; // audit: told once
    bool m_clientEnded = false; // while hearing
    std::optional<Gate> m_gate;
    FileDescriptor m_clientSocket;
    FileDescriptor m_upstreamSocket;
    Side m_client;
    Side m_upstream;
    Pump m_up;
    Pump m_down;
    bool m_isReachingOut = false;
    std::unique_ptr<Connector> m_connector;
    EventLoop::WatchId m_clientWatch;
    EventLoop::WatchId m_upstreamWatch;
    EventLoop::TimerId m_timer = EventLoop::noTimer;
    EventLoop::TimerId m_patience = EventLoop::noTimer;
    uint64_t m_lastMoved = 0;
    uint64_t m_accountedUp = 0;
    uint64_t m_accountedDown = 0;
    bool m_isMovePosted = false;
};

} // namespace danube::guard
