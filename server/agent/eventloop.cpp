// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/eventloop.h"

#include <algorithm>

namespace danube::agent {

EventLoop::EventLoop() : m_epoll(epoll_create1(EPOLL_CLOEXEC)) {}

SystemResult<void> EventLoop::add(int fd, std::uint32_t events, EventSource &source)
{
    epoll_event event{events, {.ptr = &source}};
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return refused("watch a descriptor");
    return {};
}

void EventLoop::modify(int fd, std::uint32_t events, EventSource &source)
{
    epoll_event event{events, {.ptr = &source}};
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT)
        epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event);
}

void EventLoop::remove(int fd, const EventSource &source)
{
    epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
    for (std::size_t i = m_delivered; i < m_batch.size(); ++i) {
        if (m_batch[i].data.ptr == &source)
            m_batch[i].data.ptr = nullptr;
    }
}

void EventLoop::wait(SteadyMs until)
{
    constexpr std::size_t batchSize = 64;
    const SteadyMs left = until == never ? -1 : std::clamp<SteadyMs>(until - steadyMs(), 0, 60'000);
    m_batch.resize(batchSize);
    const int count = epoll_wait(m_epoll.get(), m_batch.data(), batchSize, static_cast<int>(left));
    m_batch.resize(static_cast<std::size_t>(std::max(count, 0)));
    for (m_delivered = 0; m_delivered < m_batch.size();) {
        const epoll_event event = m_batch[m_delivered++];
        if (event.data.ptr)
            static_cast<EventSource *>(event.data.ptr)->onReady(event.events);
    }
}

} // namespace danube::agent
