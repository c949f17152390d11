// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/exitrecord.h"

namespace danube::agent {
namespace {

constexpr std::uint32_t magic = 0x31525844; // "DXR1"
constexpr std::string_view purpose("danube exit 1 record\0", 21);

bool isConsistent(const ExitRecord &record)
{
    const bool hasCode = record.code >= 0 && record.code <= 255;
    const bool hasSignal = record.signal > 0 && record.signal < 128;
    switch (record.kind) {
    case ExitKind::Exited:
        return hasCode && record.signal == 0;
    case ExitKind::Signalled:
        return hasSignal && record.code == -1;
    case ExitKind::Timeout:
    case ExitKind::Cancelled:
    case ExitKind::LostSupervisor:
        return (hasCode || record.code == -1) && (hasSignal || record.signal == 0);
    }
    return false;
}

} // namespace

Bytes sealExitRecord(const ExitRecord &record, const HmacKey &stepKey)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.u32(magic);
    out.u32(record.step);
    out.u8(static_cast<std::uint8_t>(record.kind));
    out.u32(static_cast<std::uint32_t>(record.code));
    out.u32(static_cast<std::uint32_t>(record.signal));
    out.u64(static_cast<std::uint64_t>(record.startedWallMs));
    out.u64(static_cast<std::uint64_t>(record.finishedWallMs));
    out.u64(record.durationMs);
    out.u64(record.bytes[0]);
    out.u64(record.bytes[1]);
    out.u64(record.frames);
    out.raw(record.chain);
    out.text(std::string_view(record.message).substr(0, maxExitMessage));
    out.raw(stepKey.mac({viewOf(purpose), bytes}));
    return bytes;
}

std::optional<ExitRecord> openExitRecord(ByteView bytes, const HmacKey &stepKey, std::uint32_t step)
{
    constexpr std::size_t macSize = std::tuple_size_v<Digest>;
    if (bytes.size() < macSize || bytes.size() > maxExitRecord)
        return std::nullopt;
    const ByteView content = bytes.first(bytes.size() - macSize);
    if (!equalConstantTime(bytes.last(macSize), stepKey.mac({viewOf(purpose), content})))
        return std::nullopt;
    ByteReader in(content);
    ExitRecord record;
    const bool isRecord = in.u32() == magic;
    record.step = in.u32();
    record.kind = static_cast<ExitKind>(in.u8());
    record.code = static_cast<std::int32_t>(in.u32());
    record.signal = static_cast<std::int32_t>(in.u32());
    record.startedWallMs = static_cast<std::int64_t>(in.u64());
    record.finishedWallMs = static_cast<std::int64_t>(in.u64());
    record.durationMs = in.u64();
    record.bytes = {in.u64(), in.u64()};
    record.frames = in.u64();
    record.chain = in.array<32>();
    record.message = in.text();
    if (!isRecord || !in.isFinished() || record.step != step || !isConsistent(record))
        return std::nullopt;
    return record;
}

} // namespace danube::agent
