// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/linkmessages.h"

namespace danube::agent {
namespace {

void encodePoint(ByteWriter &out, const StreamPoint &point)
{
    out.u64(point.offsets[0]);
    out.u64(point.offsets[1]);
    out.u64(point.creditLimit);
}

StreamPoint decodePoint(ByteReader &in)
{
    StreamPoint point;
    point.offsets = {in.u64(), in.u64()};
    point.creditLimit = in.u64();
    return point;
}

void encodeList(ByteWriter &out, const std::vector<std::string> &list)
{
    out.u32(static_cast<std::uint32_t>(list.size()));
    for (const auto &text : list)
        out.text(text);
}

std::vector<std::string> decodeList(ByteReader &in)
{
    std::vector<std::string> list;
    for (std::uint32_t left = in.u32(); left > 0 && in.isGood(); --left)
        list.push_back(in.text());
    return list;
}

std::optional<StepSpec> decodeSpec(ByteReader &in)
{
    StepSpec spec;
    const std::uint8_t inherit = in.u8();
    spec.inheritEnvironment = inherit == 1;
    spec.timeoutMs = in.u64();
    spec.graceMs = in.u32();
    spec.spoolBytes = in.u64();
    spec.argv = decodeList(in);
    spec.environment = decodeList(in);
    spec.workingDirectory = in.text();
    bool good = inherit <= 1;
    for (std::uint32_t left = in.u32(); left > 0 && in.isGood(); --left) {
        const auto kind = static_cast<LimitKind>(in.u8());
        good = good && kind >= LimitKind::CpuSeconds && kind <= LimitKind::Core;
        const std::uint64_t soft = in.u64();
        spec.limits.push_back({kind, soft, in.u64()});
    }
    return good && in.isGood() ? std::optional(spec) : std::nullopt;
}

std::optional<Command> decodeStart(ByteReader &in)
{
    Start start;
    start.step = in.u32();
    start.from = decodePoint(in);
    start.specDigest = Sha256::of(in.rest());
    auto spec = decodeSpec(in);
    if (!spec)
        return std::nullopt;
    start.spec = std::move(*spec);
    return start;
}

std::optional<Command> decodeKill(ByteReader &in)
{
    Kill kill;
    kill.step = in.u32();
    kill.cause = static_cast<KillCause>(in.u8());
    kill.graceMs = in.u32();
    if (kill.cause != KillCause::Timeout && kill.cause != KillCause::Cancelled)
        return std::nullopt;
    return kill;
}

std::optional<Notice> decodeReady(ByteReader &in)
{
    Ready ready;
    for (std::uint32_t left = in.u32(); left > 0 && in.isGood(); --left) {
        KnownStep step;
        step.step = in.u32();
        step.state = static_cast<KnownState>(in.u8());
        step.produced = {in.u64(), in.u64()};
        step.acknowledged = {in.u64(), in.u64()};
        if (step.state < KnownState::Running || step.state > KnownState::Exited)
            return std::nullopt;
        ready.steps.push_back(step);
    }
    return ready;
}

std::optional<Notice> decodeOutput(ByteReader &in)
{
    Output output;
    output.step = in.u32();
    const ByteView bytes = in.raw(in.rest().size());
    if (parseFrame(bytes, output.frame) != ParseStatus::Ok || frameOverhead + output.frame.data.size() != bytes.size())
        return std::nullopt;
    return output;
}

void encodePosition(ByteWriter &out, const ChainPosition &position)
{
    out.u64(position.sequence);
    out.u64(position.offsets[0]);
    out.u64(position.offsets[1]);
    out.raw(position.chain);
}

ChainPosition decodePosition(ByteReader &in)
{
    ChainPosition position;
    position.sequence = in.u64();
    position.offsets = {in.u64(), in.u64()};
    position.chain = in.array<32>();
    return position;
}

std::optional<Notice> decodeFailed(ByteReader &in)
{
    Failed failed;
    failed.step = in.u32();
    failed.code = static_cast<FailureCode>(in.u16());
    failed.text = in.text();
    if (failed.code < FailureCode::ClaimedEarlier || failed.code > FailureCode::ShuttingDown)
        return std::nullopt;
    return failed;
}

std::optional<Command> decodeCommandFields(FrameType type, ByteReader &in)
{
    switch (type) {
    case FrameType::Start:
        return decodeStart(in);
    case FrameType::Kill:
        return decodeKill(in);
    case FrameType::Resume: {
        const std::uint32_t step = in.u32();
        return Resume{step, decodePoint(in)};
    }
    case FrameType::Ack: {
        const std::uint32_t step = in.u32();
        return Ack{step, {in.u64(), in.u64()}};
    }
    case FrameType::Credit: {
        const std::uint32_t step = in.u32();
        return Credit{step, in.u64()};
    }
    case FrameType::Forget:
        return Forget{in.u32()};
    case FrameType::Ping:
        return Ping{in.u64()};
    case FrameType::Shutdown:
        return Shutdown{in.u32()};
    default:
        return std::nullopt;
    }
}

std::optional<Notice> decodeNoticeFields(FrameType type, ByteReader &in)
{
    switch (type) {
    case FrameType::Ready:
        return decodeReady(in);
    case FrameType::Started: {
        const std::uint32_t step = in.u32();
        const std::uint32_t pid = in.u32();
        return Started{step, pid, static_cast<std::int64_t>(in.u64())};
    }
    case FrameType::Stream: {
        const std::uint32_t step = in.u32();
        return Stream{step, decodePosition(in)};
    }
    case FrameType::Jump: {
        const std::uint32_t step = in.u32();
        return Jump{step, decodePosition(in)};
    }
    case FrameType::Output:
        return decodeOutput(in);
    case FrameType::Exited: {
        const ByteView record = in.raw(in.rest().size());
        return Exited{Bytes(record.begin(), record.end())};
    }
    case FrameType::Failed:
        return decodeFailed(in);
    case FrameType::Pong:
        return Pong{in.u64()};
    default:
        return std::nullopt;
    }
}

} // namespace

void encode(ByteWriter &out, const Start &message)
{
    out.u32(message.step);
    encodePoint(out, message.from);
    const StepSpec &spec = message.spec;
    out.u8(spec.inheritEnvironment ? 1 : 0);
    out.u64(spec.timeoutMs);
    out.u32(spec.graceMs);
    out.u64(spec.spoolBytes);
    encodeList(out, spec.argv);
    encodeList(out, spec.environment);
    out.text(spec.workingDirectory);
    out.u32(static_cast<std::uint32_t>(spec.limits.size()));
    for (const auto &limit : spec.limits) {
        out.u8(static_cast<std::uint8_t>(limit.kind));
        out.u64(limit.soft);
        out.u64(limit.hard);
    }
}

void encode(ByteWriter &out, const Resume &message)
{
    out.u32(message.step);
    encodePoint(out, message.from);
}

void encode(ByteWriter &out, const Ack &message)
{
    out.u32(message.step);
    out.u64(message.offsets[0]);
    out.u64(message.offsets[1]);
}

void encode(ByteWriter &out, const Credit &message)
{
    out.u32(message.step);
    out.u64(message.limit);
}

void encode(ByteWriter &out, const Kill &message)
{
    out.u32(message.step);
    out.u8(static_cast<std::uint8_t>(message.cause));
    out.u32(message.graceMs);
}

void encode(ByteWriter &out, const Forget &message)
{
    out.u32(message.step);
}

void encode(ByteWriter &out, const Ping &message)
{
    out.u64(message.token);
}

void encode(ByteWriter &out, const Shutdown &message)
{
    out.u32(message.graceMs);
}

void encode(ByteWriter &out, const Ready &message)
{
    out.u32(static_cast<std::uint32_t>(message.steps.size()));
    for (const auto &step : message.steps) {
        out.u32(step.step);
        out.u8(static_cast<std::uint8_t>(step.state));
        for (const std::uint64_t value :
             {step.produced[0], step.produced[1], step.acknowledged[0], step.acknowledged[1]})
            out.u64(value);
    }
}

void encode(ByteWriter &out, const Started &message)
{
    out.u32(message.step);
    out.u32(message.pid);
    out.u64(static_cast<std::uint64_t>(message.wallMs));
}

void encode(ByteWriter &out, const Stream &message)
{
    out.u32(message.step);
    encodePosition(out, message.position);
}

void encode(ByteWriter &out, const Jump &message)
{
    out.u32(message.step);
    encodePosition(out, message.position);
}

void encode(ByteWriter &out, const Exited &message)
{
    out.raw(message.record);
}

void encode(ByteWriter &out, const Failed &message)
{
    out.u32(message.step);
    out.u16(static_cast<std::uint16_t>(message.code));
    out.text(message.text);
}

void encode(ByteWriter &out, const Pong &message)
{
    out.u64(message.token);
}

std::optional<Command> decodeCommand(FrameType type, ByteView payload)
{
    ByteReader in(payload);
    auto command = decodeCommandFields(type, in);
    return in.isFinished() ? command : std::nullopt;
}

std::optional<Notice> decodeNotice(FrameType type, ByteView payload)
{
    ByteReader in(payload);
    auto notice = decodeNoticeFields(type, in);
    return in.isFinished() ? notice : std::nullopt;
}

} // namespace danube::agent
