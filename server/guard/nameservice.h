// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/guardpolicy.h"
#include "server/guard/resolver.h"

#include <unordered_map>

namespace danube::guard {

/// The addresses that a name of the job leads to: the operator's fixed ones, or a resolver's answer without what the
/// guard does not connect to (no rebinding). Answers are kept for their TTL, within bounds; those who ask for the same
/// name at once wait for one look-up.
class NameService
{
public:
    static constexpr size_t maxKept = 2048;
    static constexpr size_t maxWaiting = 1024; ///< for look-ups under way
    static constexpr std::chrono::seconds shortest{5};
    static constexpr std::chrono::seconds longest{300};
    static constexpr std::chrono::seconds negative{5};

    using Now = std::function<SteadyTime()>;
    NameService(const GuardConfig &config, const GuardPolicy &policy, Resolver &resolver, Now now);

    /// `done` may be called at once. Not after this object's end.
    void lookUp(const std::string &name, Resolver::Done done);

private:
    struct Kept
    {
        Lookup lookup;
        SteadyTime until{};
    };
    void finish(const std::string &name, Lookup lookup);
    Lookup judged(const std::string &name, Lookup lookup) const;
    void keep(const std::string &name, const Lookup &lookup);

    const std::map<std::string, std::vector<Endpoint>> m_hosts;
    const GuardPolicy &m_policy;
    Resolver &m_resolver;
    Now m_now;
    std::optional<Endpoint> m_rpc;
    std::unordered_map<std::string, Kept> m_kept;
    std::unordered_map<std::string, std::vector<Resolver::Done>> m_waiting;
    size_t m_waiters = 0;
};

} // namespace danube::guard
