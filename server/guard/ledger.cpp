// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/ledger.h"

#include "server/guard/hostname.h"

using namespace Qt::StringLiterals;

namespace danube::guard {

Ledger::Ledger(const GuardConfig &config, const GuardPolicy &policy, const Clock &clock)
    : m_policy(policy), m_clock(clock), m_flows({config.job, config.pipeline, config.jobsNamespace})
{}

Flow::Verdict Ledger::objectionVerdict() const
{
    return m_policy.mode() == egress::Mode::Audit ? Flow::Verdict::WouldBeRefused : Flow::Verdict::Refused;
}

void Ledger::note(Flow flow, const std::function<QString()> &why)
{
    if (flow.verdict == Flow::Verdict::Refused)
        m_usage.countRefused(flow.host.empty() && flow.address ? flow.address->text() : flow.host, flow.port);
    const bool isForwarded = flow.verdict == Flow::Verdict::Forwarded;
    m_flows.note(std::move(flow), why, m_clock.wall(), m_clock.steady());
    if (m_onRefusal && !isForwarded)
        m_onRefusal();
}

void Ledger::unlistedQuery(const std::string &name)
{
    constexpr uint16_t usual = 443;
    note({.verdict = objectionVerdict(), .isQuery = true, .host = name, .word = "not-listed"},
         [&] { return m_policy.whyNot(name, usual); });
}

void Ledger::forbiddenName(const std::string &name, const std::string &address)
{
    note({.verdict = Flow::Verdict::Refused, .isQuery = true, .host = name, .word = "private-address"},
         [&] { return u"%1 leads to %2, which jobs do not reach"_s.arg(toQString(name), toQString(address)); });
}

void Ledger::forwarded(const std::string &host, const IpAddress &address, uint16_t port)
{
    ++m_usage.reached(host, port).connections;
    note({.verdict = Flow::Verdict::Forwarded, .host = host, .address = address, .port = port, .word = "listed"},
         [] { return QString(); });
}

void Ledger::refused(const std::string &host, const IpAddress &address, uint16_t port, std::string_view word,
                     const QString &sentence)
{
    note({.verdict = Flow::Verdict::Refused, .host = host, .address = address, .port = port, .word = word},
         [&] { return sentence; });
}

void Ledger::objection(const std::string &host, const IpAddress &address, uint16_t port, std::string_view word,
                       const QString &sentence)
{
    note({.verdict = objectionVerdict(), .host = host, .address = address, .port = port, .word = word},
         [&] { return sentence; });
}

void Ledger::unserved(const std::string &host, const IpAddress &address, uint16_t port)
{
    note({.verdict = Flow::Verdict::Refused, .host = host, .address = address, .port = port, .word = "not-listed"},
         [&] { return m_policy.whyNot(host, port); });
}

void Ledger::unlisted(const std::string &host, const IpAddress &address, uint16_t port)
{
    note({.verdict = objectionVerdict(), .host = host, .address = address, .port = port, .word = "not-listed"},
         [&] { return m_policy.whyNot(host, port); });
}

} // namespace danube::guard
