// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/dnsmessage.h"
#include "server/guard/guardpolicy.h"
#include "server/guard/nametable.h"
#include "server/guard/resolver.h"

namespace danube::guard {

/// Answers the job's DNS queries: an allowed name gets an address of its own (NameTable), any other is refused. Queries
/// for HTTPS and SVCB records are refused, so that no client learns keys for an encrypted hello; so are all other types
/// but A and AAAA. Pure but for its table.
class DnsResponder
{
public:
    static constexpr std::chrono::seconds ttl{60};

    DnsResponder(GuardPolicy &policy, NameTable &table) : m_policy(policy), m_table(table) {}

    struct Step
    {
        enum class Kind {
            Ignore, ///< no query: nothing is sent
            Reply,  ///< send `reply`
            Look,   ///< look query.name up, then send finish()
        };
        Kind kind = Kind::Ignore;
        std::string reply{};
        dns::Query query{};
        bool isListed = true; ///< false: the name is on no list; refused, or in audit mode let through
    };
    Step take(std::string_view message);
    std::string finish(const dns::Query &query, const Lookup &lookup);

private:
    Step reply(const dns::Query &query, const dns::Answer &answer, bool isListed = true) const;

    GuardPolicy &m_policy;
    NameTable &m_table;
};

} // namespace danube::guard
