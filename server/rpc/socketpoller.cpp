// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/socketpoller.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

constexpr size_t batch = 64; // sockets; then others of the thread have their turn

} // namespace

Result<void> SocketPoller::open()
{
    m_epoll = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_epoll)
        return failErrno(u"watch sockets"_s, errno);
    m_notifier = std::make_unique<QSocketNotifier>(m_epoll.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &SocketPoller::dispatch);
    return {};
}

Result<void> SocketPoller::add(int descriptor, PolledSocket &socket)
{
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &socket}};
    if (::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
        return failErrno(u"watch a connection"_s, errno);
    return {};
}

void SocketPoller::remove(int descriptor)
{
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, descriptor, nullptr); // of one that was not added: nothing
}

void SocketPoller::change(int descriptor, PolledSocket &socket, Wait wait)
{
    epoll_event event{.events = wait == Wait::ToRead ? EPOLLIN : EPOLLOUT, .data = {.ptr = &socket}};
    if (::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, descriptor, &event) != 0)
        qFatal("epoll_ctl: errno %d", errno); // neither memory nor a new place is asked for
}

void SocketPoller::dispatch()
{
    std::array<epoll_event, batch> events{};
    const int count = ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i)
        static_cast<PolledSocket *>(events.at(static_cast<size_t>(i)).data.ptr)->onReady();
}

} // namespace danube::rpc
