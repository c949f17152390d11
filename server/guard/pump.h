// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/pipepool.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace danube::guard {

/// A non-blocking socket and what epoll (edge-triggered) last said of it.
struct Side
{
    int descriptor = -1;
    bool isReadable = true;
    bool isWritable = true;
};

/// Moves bytes in one direction, within one buffer: it reads only when what it read before is written. Small amounts
/// are copied; after a full buffer the rest goes by splice(2), without passing through this process, for as long as
/// much comes at a time. An end of the source becomes a half-close of the target.
class Pump final : public PipePool::Holder
{
public:
    static constexpr uint64_t budget = 4 << 20; ///< bytes a turn, so that others get theirs

    /// Appends what may be sent of the bytes; false: nothing more may.
    using Filter = std::function<bool(std::string_view bytes, std::string &out)>;

    Pump(PipePool &pool, std::span<char> scratch) : m_pool(pool), m_scratch(scratch) {}
    Pump(const Pump &) = delete;
    Pump &operator=(const Pump &) = delete;
    ~Pump();
    bool giveUpIdlePipe() override;

    void push(std::string_view bytes) { m_pending += bytes; } ///< to be sent before what is read
    void endSource() { m_hasEnd = true; }                     ///< the source's end was read elsewhere
    void setFilter(Filter filter) { m_filter = std::move(filter); }

    enum class State {
        Blocked, ///< until a side's flag changes
        Busy,    ///< the budget is spent: run again soon
        Ended,   ///< all is written, and the target half-closed
        Broken,  ///< an error on either side, or the filter's no
    };
    State run(Side &from, Side &to);
    uint64_t moved() const { return m_moved; } ///< bytes written to the target

private:
    enum class Move { Done, Blocked, Broken };
    Move writePending(Side &to);
    Move read(Side &from, Side &to);
    Move spliceIn(Side &from);
    Move spliceOut(Side &to);
    void releasePipe();

    PipePool &m_pool;
    std::span<char> m_scratch;
    Filter m_filter;
    std::string m_pending;
    Pipe m_pipe;
    size_t m_inPipe = 0;
    bool m_isFilled = false; // of a pipe with something in it: to be written before more is read
    bool m_hasEnd = false;
    bool m_isEnded = false;
    uint64_t m_moved = 0;
};

} // namespace danube::guard
