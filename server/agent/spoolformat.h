// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/sha256.h"

#include <optional>

/// Frames of a step's output, on the spool and inside OUTPUT: docs/formats/spool.md. Pure.
namespace danube::agent {

inline constexpr std::size_t maxFrameData = 128U << 10;
inline constexpr std::size_t frameHeaderSize = 8 + 1 + 8 + 8 + 4;
inline constexpr std::size_t frameOverhead = frameHeaderSize + 32; ///< header and chain value; the data follows

enum class StreamId : std::uint8_t { Stdout = 1, Stderr = 2 };
constexpr std::size_t indexOf(StreamId stream)
{
    return stream == StreamId::Stdout ? 0 : 1;
}
/// Two values, one per stream: [0] stdout, [1] stderr.
using PerStream = std::array<std::uint64_t, 2>;

/// One frame; `data` points into the bytes it was parsed from.
struct SpoolFrame
{
    std::uint64_t sequence = 0; ///< from 0, over both streams
    StreamId stream = StreamId::Stdout;
    std::uint64_t offset = 0; ///< of the first byte within its stream
    std::uint64_t wallMs = 0; ///< milliseconds since 1970, when the agent read the bytes
    Digest chain{};           ///< chain value of this frame
    ByteView data;            ///< 1..maxFrameData bytes
};

enum class ParseStatus { NeedMore, Ok, Bad };

/// Parses the frame at the start of `bytes`. Ok: it takes frameOverhead + frame.data.size() bytes. Checks shape only.
ParseStatus parseFrame(ByteView bytes, SpoolFrame &frame);
/// The size of the data, from a complete header; nullopt for a bad header.
std::optional<std::size_t> frameDataSize(ByteView header);
/// Appends header and chain value, without the data.
void appendFrameHead(Bytes &out, const SpoolFrame &frame);

/// Key of one step's frames and exit record.
HmacKey stepKey(const HmacKey &containerKey, std::uint32_t step);

/// Where a chain stands: what the next frame must be.
struct ChainPosition
{
    std::uint64_t sequence = 0; ///< of the next frame
    PerStream offsets{};        ///< bytes of each stream before it
    Digest chain{};             ///< chain value before it
    std::uint64_t total() const { return offsets[0] + offsets[1]; }
    bool operator==(const ChainPosition &) const = default;
};
/// The position before the first frame of a step.
ChainPosition chainStart(const HmacKey &stepKey, std::uint32_t step);
/// The chain value of `frame` (its `chain` is not looked at) after `before`.
Digest chainValue(const HmacKey &stepKey, const Digest &before, const SpoolFrame &frame);
/// Moves over `frame` if it is the one that follows: sequence, offset and chain value. nullptr, or what is wrong.
const char *advance(ChainPosition &position, const HmacKey &stepKey, const SpoolFrame &frame);
/// Moves over a frame known to be right.
void advanceTrusted(ChainPosition &position, const SpoolFrame &frame);

} // namespace danube::agent
