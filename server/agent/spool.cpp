// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/spool.h"

#include <sys/uio.h>

#include <algorithm>

namespace danube::agent {
namespace {

bool readFully(int fd, std::uint8_t *out, std::size_t size, std::uint64_t offset)
{
    while (size > 0) {
        const ssize_t count = pread(fd, out, size, static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        out += count;
        size -= static_cast<std::size_t>(count);
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
}

SystemResult<void> writeFully(int fd, ByteView bytes, std::uint64_t offset)
{
    while (!bytes.empty()) {
        const ssize_t count = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return refused("write to the spool", count < 0 ? errno : ENOSPC);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

bool holdsAfter(const PerStream &end, const PerStream &offsets)
{
    return end[0] > offsets[0] || end[1] > offsets[1];
}

} // namespace

Spool::Spool(SegmentMaker maker, const HmacKey &key, std::uint32_t step, std::uint64_t bound)
    : m_maker(std::move(maker)),
      m_key(key),
      m_bound(std::max(bound == 0 ? defaultBound : bound, minimumBound)),
      m_segmentSize(std::clamp<std::uint64_t>(m_bound / 8, 256U << 10, 4U << 20)),
      m_head(chainStart(key, step))
{}

SystemResult<Spool::Segment *> Spool::segmentFor(std::size_t frameSize)
{
    if (!m_segments.empty() && m_segments.back().size + frameSize <= m_segmentSize)
        return &m_segments.back();
    auto file = m_maker();
    if (!file)
        return std::unexpected(file.error());
    m_segments.push_back({std::move(*file), 0, m_head, m_head.offsets});
    return &m_segments.back();
}

SystemResult<void> Spool::append(StreamId stream, ByteView data, std::uint64_t wallMs)
{
    SpoolFrame frame{m_head.sequence, stream, m_head.offsets[indexOf(stream)], wallMs, {}, data};
    frame.chain = chainValue(m_key, m_head.chain, frame);
    Bytes head;
    appendFrameHead(head, frame);
    const std::size_t size = head.size() + data.size();
    auto segment = segmentFor(size);
    if (!segment)
        return std::unexpected(segment.error());
    Segment &target = **segment;
    // What a failed write left behind the segment's size is overwritten by the next try.
    auto written = writeFully(target.file.get(), head, target.size);
    if (written)
        written = writeFully(target.file.get(), data, target.size + head.size());
    if (!written)
        return written;
    target.size += size;
    m_used += size;
    advanceTrusted(m_head, frame);
    target.end = m_head.offsets;
    return {};
}

void Spool::acknowledge(const PerStream &offsets)
{
    for (std::size_t i = 0; i < offsets.size(); ++i)
        m_acknowledged[i] = std::max(m_acknowledged[i], std::min(offsets[i], m_head.offsets[i]));
    // The last segment goes too once it is worth it, so that a slow step does not keep its disk for ever.
    while (!m_segments.empty() && !holdsAfter(m_segments.front().end, m_acknowledged) &&
           (m_segments.size() > 1 || m_segments.front().size >= m_segmentSize / 2)) {
        m_used -= m_segments.front().size;
        m_segments.pop_front();
        ++m_firstNumber;
    }
}

void Spool::discard()
{
    m_acknowledged = m_head.offsets;
    m_firstNumber += m_segments.size();
    m_segments.clear();
    m_used = 0;
}

const Spool::Segment *Spool::segment(std::uint64_t number) const
{
    const std::uint64_t index = number - m_firstNumber;
    return number >= m_firstNumber && index < m_segments.size() ? &m_segments[index] : nullptr;
}

std::expected<SpoolCursor, Spool::SeekError> Spool::seek(const PerStream &offsets) const
{
    const PerStream &first = m_segments.empty() ? m_head.offsets : m_segments.front().start.offsets;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        if (offsets[i] < first[i] || offsets[i] > m_head.offsets[i])
            return std::unexpected(SeekError::OutOfRange);
    }
    for (std::uint64_t i = 0; i < m_segments.size(); ++i) {
        if (holdsAfter(m_segments[i].end, offsets))
            return scan(m_firstNumber + i, offsets);
    }
    // All of it is known: go on behind the last frame.
    const bool isEmpty = m_segments.empty();
    return SpoolCursor{m_head, m_firstNumber + (isEmpty ? 0 : m_segments.size() - 1),
                       isEmpty ? 0 : m_segments.back().size, 0};
}

std::expected<SpoolCursor, Spool::SeekError> Spool::scan(std::uint64_t number, const PerStream &offsets) const
{
    SpoolCursor cursor{segment(number)->start, number, 0, m_head.sequence};
    Bytes bytes;
    for (;;) {
        const SpoolCursor before = cursor;
        const auto more = read(cursor, bytes);
        if (!more || !*more)
            return std::unexpected(SeekError::Damaged);
        if (holdsAfter(cursor.position.offsets, offsets))
            return before;
    }
}

std::expected<bool, std::string> Spool::read(SpoolCursor &cursor, Bytes &bytes) const
{
    if (isAtEnd(cursor))
        return false;
    // The cursor stood at the end of a segment that was freed since.
    if (cursor.segment < m_firstNumber) {
        cursor.segment = m_firstNumber;
        cursor.inSegment = 0;
    }
    const Segment *place = segment(cursor.segment);
    if (place && cursor.inSegment >= place->size) {
        ++cursor.segment;
        cursor.inSegment = 0;
        place = segment(cursor.segment);
    }
    if (!place)
        return std::unexpected("the segment is gone");
    bytes.resize(frameOverhead);
    if (!readFully(place->file.get(), bytes.data(), frameOverhead, cursor.inSegment))
        return std::unexpected("a frame's header cannot be read");
    const auto size = frameDataSize(bytes);
    if (!size)
        return std::unexpected("a frame's header is damaged");
    bytes.resize(frameOverhead + *size);
    if (!readFully(place->file.get(), bytes.data() + frameOverhead, *size, cursor.inSegment + frameOverhead))
        return std::unexpected("a frame's data cannot be read");
    SpoolFrame frame;
    if (parseFrame(bytes, frame) != ParseStatus::Ok || frame.sequence != cursor.position.sequence)
        return std::unexpected("a frame is not the one that was written here");
    if (frame.sequence >= cursor.verifyUntil)
        advanceTrusted(cursor.position, frame);
    else if (const char *wrong = advance(cursor.position, m_key, frame))
        return std::unexpected(wrong);
    cursor.inSegment += bytes.size();
    return true;
}

} // namespace danube::agent
