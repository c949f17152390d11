// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/descriptor.h"
#include "server/agent/spoolformat.h"
#include "server/agent/systemerror.h"

#include <deque>
#include <functional>

namespace danube::agent {

/// A reader's place in a spool. Made by Spool::seek; stays valid while nothing behind it is acknowledged away.
struct SpoolCursor
{
    ChainPosition position;
    std::uint64_t segment = 0;     ///< number of the segment
    std::uint64_t inSegment = 0;   ///< byte offset in it
    std::uint64_t verifyUntil = 0; ///< frames before this sequence are verified, not just parsed
};

/// One step's output between the agent's read and the master's acknowledgement: frames in anonymous files, which only
/// the holder of the descriptor can reach. A step of the same user id finds no name, and no way into the agent's
/// descriptors.
class Spool
{
public:
    static constexpr std::uint64_t defaultBound = 64U << 20;
    static constexpr std::uint64_t minimumBound = 2U << 20;
    /// Makes one anonymous read-write file.
    using SegmentMaker = std::function<SystemResult<Descriptor>()>;

    /// `key` outlives the spool. `bound` in bytes, frames' headers included, 0 = default; less than the minimum is
    /// raised.
    Spool(SegmentMaker maker, const HmacKey &key, std::uint32_t step, std::uint64_t bound);

    /// There is room for one more frame of any size.
    bool hasRoom() const { return m_used + frameOverhead + maxFrameData <= m_bound; }
    /// Adds 1..maxFrameData bytes as one frame. On error nothing was added; the same call may be made again.
    SystemResult<void> append(StreamId stream, ByteView data, std::uint64_t wallMs);
    /// The output before these offsets is not needed any more. Offsets only ever rise; more than produced counts as
    /// all. When half of the room is taken, a segment that one stream alone needs, and only little of it, is freed too:
    /// that little is kept as the stream's remainder. (The master holds the end of a stream back as long as it may be
    /// the beginning of a secret, which may be for ever; the other stream must not wait for it.)
    void acknowledge(const PerStream &offsets);
    /// The place of the first frame that holds a byte at or after the offsets. OutOfRange: such a frame was freed
    /// already, or an offset lies beyond what was produced. Damaged: what it read on the way is not what was written.
    enum class SeekError { OutOfRange, Damaged };
    std::expected<SpoolCursor, SeekError> seek(const PerStream &offsets) const;
    /// The remainders at or after the offsets as frames of a chain of their own. They come before those at `next`,
    /// which is seek() of the same offsets.
    struct Remainder
    {
        ChainPosition start;
        std::vector<Bytes> frames; ///< as read() gives them
        PerStream end{};           ///< offsets behind them
    };
    Remainder remainder(const PerStream &offsets, const SpoolCursor &next) const;
    /// The frame at the cursor was freed: seek anew.
    bool isBehind(const SpoolCursor &cursor) const;
    /// Reads the frame at the cursor into `frame` and moves on. False at the end; an error text for a damaged spool.
    std::expected<bool, std::string> read(SpoolCursor &cursor, Bytes &frame) const;
    bool isAtEnd(const SpoolCursor &cursor) const { return cursor.position.sequence == m_head.sequence; }

    const ChainPosition &head() const { return m_head; }
    const PerStream &acknowledged() const { return m_acknowledged; }
    std::uint64_t usedBytes() const { return m_used; }
    /// Frees everything; only head() stays meaningful.
    void discard();

private:
    struct Segment
    {
        Descriptor file;
        std::uint64_t size = 0;
        ChainPosition start; ///< before its first frame
        PerStream end{};     ///< stream offsets after its last frame
    };
    /// Ends where the first segment begins.
    struct Kept
    {
        Bytes data;
        std::uint64_t wallMs = 0;
    };
    SystemResult<Segment *> segmentFor(std::size_t frameSize);
    void freeFirst();
    void trimKept();
    bool keepRestOfFirst();
    PerStream firstOffsets() const;
    const Segment *segment(std::uint64_t number) const;
    std::expected<SpoolCursor, SeekError> scan(std::uint64_t number, const PerStream &offsets) const;

    SegmentMaker m_maker;
    const HmacKey &m_key;
    std::uint64_t m_bound;
    std::uint64_t m_segmentSize;
    std::uint64_t m_used = 0;
    std::uint64_t m_firstNumber = 0; ///< number of m_segments.front()
    std::deque<Segment> m_segments;
    ChainPosition m_head;
    PerStream m_acknowledged{};
    std::array<Kept, 2> m_kept; ///< the streams' remainders
};

} // namespace danube::agent
