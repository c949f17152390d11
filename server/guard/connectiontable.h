// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/connection.h"

#include <set>
#include <unordered_map>

namespace danube::guard {

/// All connections of the job, within the limits: of too many undecided ones the oldest makes room, of too many in all
/// no further one is accepted until one ends.
class ConnectionTable final : public EventSink
{
public:
    explicit ConnectionTable(Site &site) : m_site(site) {}
    ~ConnectionTable();

    /// A listening, non-blocking socket.
    void listen(FileDescriptor socket);
    size_t size() const { return m_connections.size(); }

private:
    static constexpr int acceptsAtOnce = 64;

    void onEvents(int tag, uint32_t events) override;
    void accept(int listener);
    void add(FileDescriptor client);
    void makeRoom();
    void ended(uint64_t number);
    void pause();
    void resume();

    Site &m_site;
    std::vector<FileDescriptor> m_listeners;
    std::vector<EventLoop::WatchId> m_watches;
    uint64_t m_last = 0;
    std::unordered_map<uint64_t, std::unique_ptr<Connection>> m_connections;
    std::set<uint64_t> m_halfOpen; // in order of age
    bool m_isPaused = false;
    EventLoop::TimerId m_resume = EventLoop::noTimer;
};

} // namespace danube::guard
