// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/attempts.h"
#include "server/guard/connectiontable.h"
#include "server/guard/dialer.h"
#include "server/guard/dnsservice.h"

#include <memory>

namespace danube::guard {

/// One job's guard: everything put together. Ends the loop when the lifeline says that the job is over.
class Guard final : public EventSink
{
public:
    static constexpr milliseconds tick{1'000}; ///< flow lines and usage are written this often, when there are any

    /// `descriptors` in the order of config.listeners. `control` is answered "stats"; its end ends nothing.
    Guard(EventLoop &loop, GuardConfig config, FileDescriptor control, std::vector<FileDescriptor> descriptors,
          const Clock &clock);
    ~Guard();

    /// A descriptor is not what its listener says, or a file cannot be opened.
    Result<void> start();
    /// Ends the loop after the last records are written; also for SIGTERM.
    void stop();

private:
    enum Tag { Control, Lifeline };
    void onEvents(int tag, uint32_t events) override;
    Result<void> take(const Listener &listener, FileDescriptor descriptor);
    void answerControl();
    void turn();
    void writeOut(bool all);
    void writeFlows();
    void writeUsage();

    EventLoop &m_loop;
    const GuardConfig m_config;
    FileDescriptor m_control;
    std::vector<FileDescriptor> m_descriptors;
    GuardPolicy m_policy;
    NameTable m_names;
    std::unique_ptr<Resolver> m_resolver;
    NameService m_addresses;
    Ledger m_ledger;
    Site m_site;
    DnsResponder m_responder;
    DnsService m_dns;
    ConnectionTable m_connections;
    std::vector<std::unique_ptr<Dialer>> m_dialers;
    std::vector<std::unique_ptr<Attempts>> m_attempts;
    FileDescriptor m_flows;
    FileDescriptor m_lifeline;
    EventLoop::WatchId m_controlWatch;
    EventLoop::WatchId m_lifelineWatch;
    EventLoop::TimerId m_tick = EventLoop::noTimer;
    QByteArray m_writtenUsage;
};

} // namespace danube::guard
