// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/streamsender.h"

#include <algorithm>

namespace danube::agent {

template <class First>
std::expected<SpoolCursor, Spool::SeekError> StreamSender::begin(AgentLink &link, StepRun &run,
                                                                 const PerStream &offsets)
{
    const auto cursor = run.spool().seek(offsets);
    if (!cursor)
        return cursor;
    const Spool::Remainder rest = run.spool().remainder(offsets, *cursor);
    link.send(First{run.number(), rest.start});
    if (rest.frames.empty())
        return cursor;
    for (const Bytes &frame : rest.frames)
        link.sendOutput(run.number(), frame);
    run.noteSent(rest.end);
    link.send(Jump{run.number(), cursor->position});
    return cursor;
}

void StreamSender::open(AgentLink &link, StepRun &run, const StreamPoint &from)
{
    m_streams.erase(run.number());
    const auto cursor = begin<Stream>(link, run, from.offsets);
    if (!cursor && cursor.error() == Spool::SeekError::Damaged)
        return link.send(
            Failed{run.number(), FailureCode::SpoolDamaged, "the spool does not read back as it was written"});
    if (!cursor)
        return link.send(
            Failed{run.number(), FailureCode::BytesGone, "output at these offsets was acknowledged or never made"});
    m_streams[run.number()] = {&run, *cursor, from.creditLimit, false};
}

void StreamSender::credit(std::uint32_t step, std::uint64_t limit)
{
    if (const auto found = m_streams.find(step); found != m_streams.end())
        found->second.creditLimit = std::max(found->second.creditLimit, limit);
}

void StreamSender::fill(AgentLink &link, std::size_t enough)
{
    std::size_t idle = 0;
    while (idle < m_streams.size() && link.output().size() < enough) {
        auto turn = m_streams.upper_bound(m_last);
        if (turn == m_streams.end())
            turn = m_streams.begin();
        m_last = turn->first;
        bool isBroken = false;
        idle = sendNext(link, turn->second, isBroken) ? 0 : idle + 1;
        if (isBroken)
            m_streams.erase(turn);
    }
}

bool StreamSender::sendNext(AgentLink &link, Sending &stream, bool &isBroken)
{
    StepRun &run = *stream.run;
    if (run.spool().isBehind(stream.cursor)) {
        PerStream offsets = run.spool().acknowledged();
        for (std::size_t i = 0; i < offsets.size(); ++i)
            offsets[i] = std::max(offsets[i], stream.cursor.position.offsets[i]);
        const auto cursor = begin<Jump>(link, run, offsets);
        isBroken = !cursor;
        if (isBroken)
            link.send(
                Failed{run.number(), FailureCode::SpoolDamaged, "the spool does not read back as it was written"});
        else
            stream.cursor = *cursor;
        return !isBroken;
    }
    if (run.spool().isAtEnd(stream.cursor)) {
        if (!run.isFinished() || stream.isExitSent)
            return false;
        stream.isExitSent = true;
        link.send(Exited{run.record()});
        return true;
    }
    if (stream.cursor.position.total() >= stream.creditLimit)
        return false;
    const auto more = run.spool().read(stream.cursor, m_frame);
    if (!more) {
        isBroken = true;
        link.send(Failed{run.number(), FailureCode::SpoolDamaged, more.error()});
        return false;
    }
    link.sendOutput(run.number(), m_frame);
    run.noteSent(stream.cursor.position.offsets);
    return true;
}

} // namespace danube::agent
