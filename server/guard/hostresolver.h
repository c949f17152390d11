// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/eventloop.h"
#include "server/guard/resolver.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace danube::guard {

/// The host's own resolver (getaddrinfo(3): hosts file, nsswitch, resolv.conf), asked by a few threads because it
/// waits. It tells no TTL: answers count as good for `ttl`. Search domains must be off (LOCALDOMAIN in the
/// environment).
class HostResolver final : public Resolver
{
public:
    static constexpr int threads = 4;
    static constexpr size_t maxWaiting = 256;
    static constexpr std::chrono::seconds ttl{30};

    /// Asked on the threads; may wait as long as it likes.
    using LookUp = Lookup (*)(const std::string &name);
    static Lookup askHost(const std::string &name);

    explicit HostResolver(EventLoop &loop, LookUp ask = askHost);
    /// Detaches threads that wait for a resolver: the process ends after it.
    ~HostResolver() override;
    void lookUp(const std::string &name, Done done) override;

private:
    struct Shared;
    static void work(const std::shared_ptr<Shared> &shared);
    void deliver();

    EventLoop &m_loop;
    std::shared_ptr<Shared> m_shared;
};

} // namespace danube::guard
