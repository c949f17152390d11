// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/clock.h"
#include "server/agent/descriptor.h"
#include "server/agent/systemerror.h"

#include <sys/epoll.h>

#include <vector>

namespace danube::agent {

/// Gets told when its descriptor is ready. May add, remove and destroy sources while it is told, itself too.
class EventSource
{
public:
    virtual ~EventSource() = default;
    virtual void onReady(std::uint32_t events) = 0;
};

/// One epoll set. Single-threaded.
class EventLoop
{
public:
    EventLoop();
    SystemResult<void> add(int fd, std::uint32_t events, EventSource &source);
    void modify(int fd, std::uint32_t events, EventSource &source);
    /// Nothing of this source is delivered any more, also not from the batch in delivery.
    void remove(int fd, const EventSource &source);
    /// Waits until something is ready or the time is there, and delivers one batch.
    void wait(SteadyMs until);

private:
    Descriptor m_epoll;
    std::vector<epoll_event> m_batch;
    std::size_t m_delivered = 0;
};

} // namespace danube::agent
