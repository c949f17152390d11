// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/hostresolver.h"

#include <algorithm>

#include <netdb.h>

namespace danube::guard {

Lookup HostResolver::askHost(const std::string &name)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    const int error = getaddrinfo(name.c_str(), nullptr, &hints, &list);
    Lookup lookup;
    lookup.ttl = HostResolver::ttl;
    if (error == EAI_NONAME || error == EAI_NODATA)
        lookup.outcome = Lookup::Outcome::NoSuchName;
    if (error != 0)
        return lookup;
    for (const addrinfo *each = list; each; each = each->ai_next) {
        sockaddr_storage address{};
        std::copy_n(reinterpret_cast<const char *>(each->ai_addr), std::min<size_t>(each->ai_addrlen, sizeof address),
                    reinterpret_cast<char *>(&address));
        if (const auto endpoint = Endpoint::of(address))
            lookup.endpoints.push_back({endpoint->address, 0});
    }
    freeaddrinfo(list);
    lookup.outcome = lookup.endpoints.empty() ? Lookup::Outcome::NoSuchName : Lookup::Outcome::Found;
    return lookup;
}

/// What the threads may touch after the resolver is gone.
struct HostResolver::Shared
{
    std::mutex mutex;
    std::condition_variable hasWork;
    std::deque<std::pair<std::string, Done>> waiting;
    std::vector<std::pair<Done, Lookup>> finished;
    EventLoop *loop = nullptr; ///< nullptr: the resolver is gone
    LookUp ask = nullptr;
};

HostResolver::HostResolver(EventLoop &loop, LookUp ask) : m_loop(loop), m_shared(std::make_shared<Shared>())
{
    m_shared->loop = &loop;
    m_shared->ask = ask;
    m_loop.onWake = [this] { deliver(); };
    for (int i = 0; i < threads; ++i)
        std::thread([shared = m_shared] { work(shared); }).detach();
}

HostResolver::~HostResolver()
{
    m_loop.onWake = nullptr;
    const std::scoped_lock lock(m_shared->mutex);
    m_shared->loop = nullptr;
    m_shared->waiting.clear();
    m_shared->hasWork.notify_all();
}

void HostResolver::lookUp(const std::string &name, Done done)
{
    {
        const std::scoped_lock lock(m_shared->mutex);
        if (m_shared->waiting.size() < maxWaiting) {
            m_shared->waiting.emplace_back(name, std::move(done));
            m_shared->hasWork.notify_one();
            return;
        }
    }
    done({});
}

void HostResolver::work(const std::shared_ptr<Shared> &shared)
{
    std::unique_lock lock(shared->mutex);
    while (true) {
        shared->hasWork.wait(lock, [&] { return !shared->loop || !shared->waiting.empty(); });
        if (!shared->loop)
            return;
        auto [name, done] = std::move(shared->waiting.front());
        shared->waiting.pop_front();
        lock.unlock();
        Lookup lookup = shared->ask(name);
        lock.lock();
        if (!shared->loop)
            return;
        shared->finished.emplace_back(std::move(done), std::move(lookup));
        shared->loop->wake();
    }
}

void HostResolver::deliver()
{
    std::vector<std::pair<Done, Lookup>> finished;
    {
        const std::scoped_lock lock(m_shared->mutex);
        finished.swap(m_shared->finished);
    }
    for (auto &[done, lookup] : finished)
        done(std::move(lookup));
}

} // namespace danube::guard
