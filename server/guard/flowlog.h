// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>

#include <deque>
#include <functional>
#include <map>
#include <string>

namespace danube::guard {

/// One thing that the job tried.
struct Flow
{
    enum class Verdict { Forwarded, Refused, WouldBeRefused };
    Verdict verdict = Verdict::Refused;
    bool isQuery = false;               ///< a DNS query; else a TCP connection
    std::string host;                   ///< the name asked for or named; empty: only the address is known
    std::optional<IpAddress> address{}; ///< that the job connected to
    uint16_t port = 0;
    std::string_view word; ///< why, for programs: "not-listed", "other-name", … Static text.
    QString sentence{};    ///< why, for a person; filled by note()
};

/// Writes flows as Hubble's JSON lines, the form that server/egress reads (docs/formats/guard.md), within bounds
/// whatever a job does: repeats of a flow within `window` become one more line with their number at its end, a flood of
/// different ones becomes a lost_events line, and after maxBytes only losses are counted. Pure.
class FlowLog
{
public:
    static constexpr milliseconds window{10'000};
    static constexpr size_t maxOpen = 1024; ///< flows whose repeats are counted
    static constexpr double perSecond = 50; ///< lines
    static constexpr double burst = 500;    ///< lines at once
    static constexpr qint64 maxBytes = 16 << 20;

    struct Source
    {
        QString job;
        QString pipeline;
        QString jobsNamespace;
    };
    explicit FlowLog(Source source) : m_source(std::move(source)) {}

    /// `why` gives the sentence; it is asked only when a line is written, because explaining costs more than a flow.
    void note(Flow flow, const std::function<QString()> &why, WallTime wall, SteadyTime now);
    /// Ends windows that are over; call about once a second. `all`: at the end of the job.
    void tick(WallTime wall, SteadyTime now, bool all = false);
    QByteArray take(); ///< whole lines that were not taken yet

private:
    using Key = std::tuple<Flow::Verdict, bool, std::string, uint16_t>;
    struct Repeats
    {
        Flow flow;
        SteadyTime until{};
        quint64 count = 0;
    };
    bool spend(SteadyTime now);
    void write(const Flow &flow, quint64 count, WallTime wall);
    void append(const QByteArray &line);

    Source m_source;
    std::map<Key, Repeats> m_repeats;
    std::deque<std::pair<SteadyTime, Key>> m_order;
    double m_tokens = burst;
    SteadyTime m_refilled{};
    quint64 m_lost = 0;
    qint64 m_written = 0;
    QByteArray m_lines;
};

} // namespace danube::guard
