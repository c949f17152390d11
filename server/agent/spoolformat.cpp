// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/spoolformat.h"

namespace danube::agent {
namespace {

void appendHeader(Bytes &out, const SpoolFrame &frame)
{
    ByteWriter writer(out);
    writer.u64(frame.sequence);
    writer.u8(static_cast<std::uint8_t>(frame.stream));
    writer.u64(frame.offset);
    writer.u64(frame.wallMs);
    writer.u32(static_cast<std::uint32_t>(frame.data.size()));
}

Bytes stepNumber(std::uint32_t step)
{
    Bytes bytes;
    ByteWriter(bytes).u32(step);
    return bytes;
}

constexpr std::string_view keyPurpose("danube step 1 key\0", 18);
constexpr std::string_view startPurpose("danube spool 1 start\0", 21);

} // namespace

std::optional<std::size_t> frameDataSize(ByteView header)
{
    ByteReader in(header);
    in.u64();
    const std::uint8_t stream = in.u8();
    const std::uint64_t offset = in.u64();
    in.u64();
    const std::uint32_t size = in.u32();
    const bool streamKnown = stream == 1 || stream == 2;
    if (!in.isGood() || !streamKnown || size == 0 || size > maxFrameData || offset > UINT64_MAX - size)
        return std::nullopt;
    return size;
}

ParseStatus parseFrame(ByteView bytes, SpoolFrame &frame)
{
    if (bytes.size() < frameOverhead)
        return ParseStatus::NeedMore;
    const auto size = frameDataSize(bytes);
    if (!size)
        return ParseStatus::Bad;
    if (bytes.size() < frameOverhead + *size)
        return ParseStatus::NeedMore;
    ByteReader in(bytes);
    frame.sequence = in.u64();
    frame.stream = static_cast<StreamId>(in.u8());
    frame.offset = in.u64();
    frame.wallMs = in.u64();
    in.u32();
    frame.chain = in.array<32>();
    frame.data = in.raw(*size);
    return ParseStatus::Ok;
}

void appendFrameHead(Bytes &out, const SpoolFrame &frame)
{
    appendHeader(out, frame);
    ByteWriter(out).raw(frame.chain);
}

HmacKey stepKey(const HmacKey &containerKey, std::uint32_t step)
{
    return HmacKey(containerKey.mac({viewOf(keyPurpose), stepNumber(step)}));
}

ChainPosition chainStart(const HmacKey &stepKey, std::uint32_t step)
{
    ChainPosition position;
    position.chain = stepKey.mac({viewOf(startPurpose), stepNumber(step)});
    return position;
}

Digest chainValue(const HmacKey &stepKey, const Digest &before, const SpoolFrame &frame)
{
    Bytes header;
    appendHeader(header, frame);
    return stepKey.mac({before, header, frame.data});
}

void advanceTrusted(ChainPosition &position, const SpoolFrame &frame)
{
    position.sequence = frame.sequence + 1;
    position.offsets[indexOf(frame.stream)] = frame.offset + frame.data.size();
    position.chain = frame.chain;
}

const char *advance(ChainPosition &position, const HmacKey &stepKey, const SpoolFrame &frame)
{
    if (frame.sequence != position.sequence)
        return "frame out of sequence";
    if (frame.offset != position.offsets[indexOf(frame.stream)])
        return "frame at a wrong stream offset";
    if (!equalConstantTime(frame.chain, chainValue(stepKey, position.chain, frame)))
        return "frame with a wrong chain value";
    advanceTrusted(position, frame);
    return nullptr;
}

} // namespace danube::agent
