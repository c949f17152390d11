// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/steprun.h"

#include <map>

namespace danube::agent {

/// The streams that the present link asked for: one frame of one step after the other, round robin, each within its own
/// credit, so that a blocked step never holds up the others.
class StreamSender
{
public:
    /// Answers START or RESUME: STREAM, or FAILED.
    void open(AgentLink &link, StepRun &run, const StreamPoint &from);
    void credit(std::uint32_t step, std::uint64_t limit);
    void close(std::uint32_t step) { m_streams.erase(step); }
    void closeAll() { m_streams.clear(); }
    /// Sends frames and exit records until the link's output holds `enough` bytes or nothing is left to send now.
    void fill(AgentLink &link, std::size_t enough);

private:
    struct Sending
    {
        StepRun *run = nullptr;
        SpoolCursor cursor;
        std::uint64_t creditLimit = 0;
        bool isExitSent = false;
    };
    /// Sends what of the output at `offsets` lies before the frames of the spool, and sets the cursor to these.
    template <class First>
    std::expected<SpoolCursor, Spool::SeekError> begin(AgentLink &link, StepRun &run, const PerStream &offsets);
    /// False: nothing to send now. Sets `isBroken` when the stream cannot go on.
    bool sendNext(AgentLink &link, Sending &stream, bool &isBroken);

    std::map<std::uint32_t, Sending> m_streams;
    std::uint32_t m_last = 0; ///< step that was served last
    Bytes m_frame;
};

} // namespace danube::agent
