// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/dnsframing.h"
#include "server/guard/dnsresponder.h"
#include "server/guard/site.h"

#include <memory>
#include <unordered_map>

namespace danube::guard {

/// The job's resolver on its sockets: datagrams and TCP. Bounded: so many queries a second, so many TCP clients.
class DnsService final : public EventSink
{
public:
    static constexpr double perSecond = 1000; ///< queries; beyond it they are dropped, as a busy server does
    static constexpr double burst = 2000;
    static constexpr size_t maxClients = 64; ///< of TCP; for one more the oldest goes
    static constexpr milliseconds clientIdle{10'000};

    DnsService(Site &site, DnsResponder &responder);
    ~DnsService();
    void serveDatagrams(FileDescriptor socket);
    void listen(FileDescriptor socket);

    using Send = std::function<void(const std::string &)>;
    /// False: dropped. `send` is called once or never, maybe later.
    bool take(std::string_view message, Send send);

private:
    class Client;
    struct Socket
    {
        FileDescriptor descriptor;
        EventLoop::WatchId watch;
        bool isStream = false;
    };
    void onEvents(int tag, uint32_t events) override;
    void receive(size_t index);
    void accept(const Socket &socket);
    bool spend();

    Site &m_site;
    DnsResponder &m_responder;
    std::vector<Socket> m_sockets;
    uint64_t m_last = 0;
    std::map<uint64_t, std::unique_ptr<Client>> m_clients; // in order of age
    double m_tokens = burst;
    SteadyTime m_refilled{};
};

} // namespace danube::guard
