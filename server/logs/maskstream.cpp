// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/maskstream.h"

namespace danube::logs {

MaskStream::MaskStream(uint32_t maskedAhead, bool endsMasked)
{
    if (endsMasked)
        m_coveredEnd = maskedAhead;
    if (endsMasked && maskedAhead > 0)
        m_covered.push_back({0, maskedAhead});
}

void MaskStream::feed(const MaskAutomaton &automaton, QByteArrayView bytes, QByteArray &output)
{
    scan(automaton, bytes);
    decide(m_fed - automaton.depth(m_state), bytes, output);
}

void MaskStream::finish(QByteArray &output)
{
    m_state = MaskAutomaton::start;
    decide(m_fed, {}, output);
}

void MaskStream::restart(const MaskAutomaton &automaton)
{
    m_state = MaskAutomaton::start;
    m_fed = m_decided;
    scan(automaton, m_held);
}

void MaskStream::scan(const MaskAutomaton &automaton, QByteArrayView bytes)
{
    qsizetype at = 0;
    while (at < bytes.size() && !automaton.isEmpty()) {
        if (m_state == MaskAutomaton::start) {
            at += automaton.skip(bytes.sliced(at));
            if (at == bytes.size())
                break;
        }
        m_state = automaton.next(m_state, static_cast<unsigned char>(bytes[at]));
        ++at;
        if (const uint32_t length = automaton.longestMatch(m_state); length > 0)
            cover(m_fed + at - length, m_fed + at);
    }
    m_fed += bytes.size();
}

void MaskStream::cover(qint64 from, qint64 to)
{
    while (!m_covered.empty() && m_covered.back().to >= from) {
        from = std::min(from, m_covered.back().from);
        to = std::max(to, m_covered.back().to);
        m_covered.pop_back();
    }
    m_covered.push_back({from, to});
}

/// `bytes` are those just fed; older undecided ones are in m_held.
void MaskStream::decide(qint64 until, QByteArrayView bytes, QByteArray &output)
{
    const qint64 fresh = m_fed - bytes.size(); // position of bytes[0]
    const auto keep = [&](QByteArray &target, qint64 from, qint64 to) {
        if (from < std::min(to, fresh))
            target.append(QByteArrayView(m_held).sliced(from - m_decided, std::min(to, fresh) - from));
        if (std::max(from, fresh) < to)
            target.append(bytes.sliced(std::max(from, fresh) - fresh, to - std::max(from, fresh)));
    };
    qint64 at = m_decided;
    size_t passed = 0;
    for (const Interval &covered : m_covered) {
        if (covered.from >= until)
            break;
        if (covered.from > at)
            keep(output, at, covered.from);
        if (covered.from > m_coveredEnd)
            output.append("***");
        m_coveredEnd = covered.to;
        at = std::max(at, std::min(covered.to, until));
        passed += covered.to <= until ? 1 : 0;
    }
    m_covered.erase(m_covered.begin(), m_covered.begin() + static_cast<std::ptrdiff_t>(passed));
    keep(output, at, until);
    QByteArray held;
    keep(held, until, m_fed);
    m_held = std::move(held);
    m_decided = until;
}

} // namespace danube::logs
