// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/nameservice.h"

#include "server/guard/addressrules.h"

namespace danube::guard {

NameService::NameService(const GuardConfig &config, const GuardPolicy &policy, Resolver &resolver, Now now)
    : m_hosts(config.hosts), m_policy(policy), m_resolver(resolver), m_now(std::move(now)), m_rpc(config.rpc)
{}

void NameService::lookUp(const std::string &name, Resolver::Done done)
{
    if (const auto fixed = m_hosts.find(name); fixed != m_hosts.end())
        return done({Lookup::Outcome::Found, fixed->second, longest, {}});
    if (m_rpc && m_policy.isMaster(name))
        return done({Lookup::Outcome::Found, {*m_rpc}, longest, {}});
    if (const auto kept = m_kept.find(name); kept != m_kept.end() && kept->second.until > m_now())
        return done(kept->second.lookup);
    if (m_waiters >= maxWaiting)
        return done({});
    auto &waiting = m_waiting[name];
    waiting.push_back(std::move(done));
    ++m_waiters;
    if (waiting.size() == 1)
        m_resolver.lookUp(name, [this, name](Lookup lookup) { finish(name, std::move(lookup)); });
}

void NameService::finish(const std::string &name, Lookup lookup)
{
    const Lookup answer = judged(name, std::move(lookup));
    keep(name, answer);
    auto waiting = m_waiting.extract(name);
    m_waiters -= waiting.mapped().size();
    for (auto &done : waiting.mapped())
        done(answer);
}

Lookup NameService::judged(const std::string &name, Lookup lookup) const
{
    if (lookup.outcome != Lookup::Outcome::Found)
        return lookup;
    const bool mayBePrivate = m_policy.mayBePrivate(name);
    std::erase_if(lookup.endpoints, [&](const Endpoint &endpoint) {
        const bool isForbidden = !isReachable(endpoint.address, mayBePrivate);
        if (isForbidden)
            lookup.forbidden =
                endpoint.address.text() + " (" + std::string(addressKindName(addressKind(endpoint.address))) + ')';
        return isForbidden;
    });
    if (lookup.endpoints.empty())
        lookup.outcome = lookup.forbidden.empty() ? Lookup::Outcome::NoSuchName : Lookup::Outcome::Forbidden;
    return lookup;
}

void NameService::keep(const std::string &name, const Lookup &lookup)
{
    if (m_kept.size() >= maxKept && !m_kept.contains(name)) {
        std::erase_if(m_kept, [now = m_now()](const auto &each) { return each.second.until <= now; });
        if (m_kept.size() >= maxKept)
            m_kept.clear();
    }
    const auto time = lookup.outcome == Lookup::Outcome::Found ? std::clamp(lookup.ttl, shortest, longest) : negative;
    m_kept[name] = {lookup, m_now() + time};
}

} // namespace danube::guard
