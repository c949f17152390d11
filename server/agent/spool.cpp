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

// More than the longest form of a secret takes, which is all that is ever held back.
constexpr std::uint64_t maxKept = 1U << 20;

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
    trimKept();
    // The last segment goes too once it is worth it, so that a slow step does not keep its disk for ever.
    while (!m_segments.empty() && !holdsAfter(m_segments.front().end, m_acknowledged) &&
           (m_segments.size() > 1 || m_segments.front().size >= m_segmentSize / 2))
        freeFirst();
    while (m_segments.size() > 1 && m_used > m_bound / 2 && keepRestOfFirst())
        freeFirst();
}

void Spool::freeFirst()
{
    m_used -= m_segments.front().size;
    m_segments.pop_front();
    ++m_firstNumber;
    trimKept();
}

PerStream Spool::firstOffsets() const
{
    return m_segments.empty() ? m_head.offsets : m_segments.front().start.offsets;
}

void Spool::trimKept()
{
    const PerStream first = firstOffsets();
    for (std::size_t i = 0; i < m_kept.size(); ++i) {
        Bytes &data = m_kept[i].data;
        const std::uint64_t wanted = first[i] > m_acknowledged[i] ? first[i] - m_acknowledged[i] : 0;
        if (data.size() <= wanted)
            continue;
        m_used -= data.size() - wanted;
        data.erase(data.begin(), data.end() - static_cast<std::ptrdiff_t>(wanted));
        data.shrink_to_fit();
    }
}

// Where later output of the other stream is acknowledged already, what is not acknowledged of the first segment becomes
// a remainder, unless it is much.
bool Spool::keepRestOfFirst()
{
    const PerStream end = m_segments.front().end;
    const bool isOvertaken = m_acknowledged[0] > end[0] || m_acknowledged[1] > end[1];
    if (!isOvertaken)
        return false;
    std::uint64_t rest = 0;
    for (std::size_t i = 0; i < end.size(); ++i)
        rest += end[i] > m_acknowledged[i] ? end[i] - m_acknowledged[i] : 0;
    if (rest > std::min(maxKept, m_bound / 4))
        return false;
    if (!holdsAfter(end, {std::max(m_acknowledged[0], m_segments.front().start.offsets[0]),
                          std::max(m_acknowledged[1], m_segments.front().start.offsets[1])}))
        return true; // nothing of it is
    std::array<Kept, 2> kept = m_kept;
    SpoolCursor cursor{m_segments.front().start, m_firstNumber, 0, m_head.sequence};
    Bytes bytes;
    while (cursor.position.sequence != m_segments[1].start.sequence) {
        const auto more = read(cursor, bytes);
        SpoolFrame frame;
        if (!more || !*more || parseFrame(bytes, frame) != ParseStatus::Ok)
            return false; // whoever reads it next will say so
        const std::size_t i = indexOf(frame.stream);
        const std::uint64_t known = m_acknowledged[i] > frame.offset ? m_acknowledged[i] - frame.offset : 0;
        if (known >= frame.data.size())
            continue;
        const ByteView data = frame.data.subspan(known);
        kept[i].data.insert(kept[i].data.end(), data.begin(), data.end());
        kept[i].wallMs = frame.wallMs;
    }
    m_used += kept[0].data.size() + kept[1].data.size() - m_kept[0].data.size() - m_kept[1].data.size();
    m_kept = std::move(kept);
    return true;
}

Spool::Remainder Spool::remainder(const PerStream &offsets, const SpoolCursor &next) const
{
    const PerStream first = firstOffsets();
    ChainPosition position = next.position;
    for (std::size_t i = 0; i < m_kept.size(); ++i) {
        if (offsets[i] < first[i])
            position.offsets[i] = offsets[i];
    }
    Remainder remainder{position, {}, {}};
    for (std::size_t i = 0; i < m_kept.size(); ++i) {
        ByteView data = m_kept[i].data;
        data = data.last(static_cast<std::size_t>(first[i] - std::min(offsets[i], first[i])));
        while (!data.empty()) {
            SpoolFrame frame{position.sequence,
                             i == 0 ? StreamId::Stdout : StreamId::Stderr,
                             position.offsets[i],
                             m_kept[i].wallMs,
                             {},
                             data.first(std::min(data.size(), maxFrameData))};
            frame.chain = chainValue(m_key, position.chain, frame);
            Bytes &bytes = remainder.frames.emplace_back();
            appendFrameHead(bytes, frame);
            bytes.insert(bytes.end(), frame.data.begin(), frame.data.end());
            advanceTrusted(position, frame);
            data = data.subspan(frame.data.size());
        }
    }
    remainder.end = position.offsets;
    return remainder;
}

bool Spool::isBehind(const SpoolCursor &cursor) const
{
    const std::uint64_t first = m_segments.empty() ? m_head.sequence : m_segments.front().start.sequence;
    return cursor.position.sequence < first;
}

void Spool::discard()
{
    m_acknowledged = m_head.offsets;
    m_firstNumber += m_segments.size();
    m_segments.clear();
    m_kept = {};
    m_used = 0;
}

const Spool::Segment *Spool::segment(std::uint64_t number) const
{
    const std::uint64_t index = number - m_firstNumber;
    return number >= m_firstNumber && index < m_segments.size() ? &m_segments[index] : nullptr;
}

std::expected<SpoolCursor, Spool::SeekError> Spool::seek(const PerStream &offsets) const
{
    const PerStream first = firstOffsets();
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        if (offsets[i] < first[i] - m_kept[i].data.size() || offsets[i] > m_head.offsets[i])
            return std::unexpected(SeekError::OutOfRange);
    }
    const PerStream wanted{std::max(offsets[0], first[0]), std::max(offsets[1], first[1])};
    for (std::uint64_t i = 0; i < m_segments.size(); ++i) {
        if (holdsAfter(m_segments[i].end, wanted))
            return scan(m_firstNumber + i, wanted);
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
