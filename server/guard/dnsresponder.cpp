// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsresponder.h"

#include "server/guard/hostname.h"

namespace danube::guard {
namespace {

constexpr uint16_t classIn = 1;

bool isAddressType(uint16_t type)
{
    return type == dns::type::a || type == dns::type::aaaa;
}

/// Reverse look-ups of the guard's own addresses: programs make them for their logs, and they are nobody's attempt to
/// reach anything.
bool isReverseOfOurs(const std::string &name)
{
    constexpr std::string_view discard = ".0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.ip6.arpa";
    return name.ends_with(".18.198.in-addr.arpa") || name.ends_with(".19.198.in-addr.arpa") || name.ends_with(discard);
}

/// RFC 6761, 6.3.
bool isLocalhost(const std::string &name)
{
    return name == "localhost" || name.ends_with(".localhost");
}

} // namespace

DnsResponder::Step DnsResponder::reply(const dns::Query &query, const dns::Answer &answer, bool isListed) const
{
    return {Step::Kind::Reply, dns::writeAnswer(query, answer), query, isListed};
}

DnsResponder::Step DnsResponder::take(std::string_view message)
{
    const auto query = dns::readQuery(message);
    if (!query)
        return query.error().code ? Step{Step::Kind::Reply, dns::writeAnswer(query.error())} : Step{};
    const dns::Answer refused{dns::Code::Refused};
    const std::string name = canonicalHostName(query->name);
    if (query->hasBadEdns)
        return reply(*query, {});
    if (isLocalhost(query->name) && isAddressType(query->type)) {
        const auto address = IpAddress::parse(query->type == dns::type::a ? "127.0.0.1" : "::1");
        return reply(*query, {dns::Code::NoError, {*address}, ttl});
    }
    if (isReverseOfOurs(query->name))
        return reply(*query, {dns::Code::NxDomain});
    const bool isListed = !name.empty() && query->queryClass == classIn && m_policy.isReachable(name);
    if (!isListed && m_policy.isSearchName(name))
        return reply(*query, {dns::Code::NxDomain});
    const bool isAudit = m_policy.mode() == egress::Mode::Audit;
    if (name.empty() || query->queryClass != classIn || (!isListed && !isAudit))
        return reply(*query, refused, false);
    if (!isAddressType(query->type))
        return reply(*query, refused, isListed);
    return {Step::Kind::Look, {}, *query, isListed};
}

std::string DnsResponder::finish(const dns::Query &query, const Lookup &lookup)
{
    dns::Answer answer{dns::Code::ServFail};
    switch (lookup.outcome) {
    case Lookup::Outcome::NoSuchName:
        answer.code = dns::Code::NxDomain;
        break;
    case Lookup::Outcome::Forbidden:
        answer.code = dns::Code::Refused;
        break;
    case Lookup::Outcome::Failed:
        break;
    case Lookup::Outcome::Found:
        if (const auto addresses = m_table.addressesOf(query.name))
            answer = {dns::Code::NoError, {query.type == dns::type::a ? addresses->v4 : addresses->v6}, ttl};
        break;
    }
    return dns::writeAnswer(query, answer);
}

} // namespace danube::guard
