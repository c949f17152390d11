// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/flowlog.h"
#include "server/guard/guardpolicy.h"
#include "server/guard/usage.h"

namespace danube::guard {

/// What is told of the job: flow lines, and sums. Everything that is let through or refused passes here once.
class Ledger
{
public:
    Ledger(const GuardConfig &config, const GuardPolicy &policy, const Clock &clock);

    void countQuery() { ++m_usage.counts.queries; }
    /// A name that is on no list: refused, or in audit mode let through.
    void unlistedQuery(const std::string &name);
    /// A name of the list whose addresses are none that the guard connects to. Refused in both modes.
    void forbiddenName(const std::string &name, const std::string &address);

    void forwarded(const std::string &host, const IpAddress &address, uint16_t port);
    /// A connection refused, in audit mode too.
    void refused(const std::string &host, const IpAddress &address, uint16_t port, std::string_view word,
                 const QString &sentence);
    /// A connection that mode enforce refuses: written as refused, or in audit mode as would-be.
    void objection(const std::string &host, const IpAddress &address, uint16_t port, std::string_view word,
                   const QString &sentence);
    /// As objection(): no entry allows the name's port.
    void unlisted(const std::string &host, const IpAddress &address, uint16_t port);
    /// The kernel refused it, in audit mode as well: nothing listens on a port that no entry names.
    void unserved(const std::string &host, const IpAddress &address, uint16_t port);

    /// Called when a refusal was noted, before it reaches the job.
    void onRefusal(std::function<void()> called) { m_onRefusal = std::move(called); }

    Usage &usage() { return m_usage; }
    FlowLog &flows() { return m_flows; }
    void tick(bool all = false) { m_flows.tick(m_clock.wall(), m_clock.steady(), all); }

private:
    void note(Flow flow, const std::function<QString()> &why);
    Flow::Verdict objectionVerdict() const;

    const GuardPolicy &m_policy;
    const Clock &m_clock;
    Usage m_usage;
    FlowLog m_flows;
    std::function<void()> m_onRefusal;
};

} // namespace danube::guard
