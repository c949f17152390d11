// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/linkformat.h"
#include "server/agent/spoolformat.h"

#include <variant>

/// The sealed messages of the link: docs/formats/link.md. Pure; decoders refuse anything left over or out of range.
namespace danube::agent {

/// OUTPUT's payload is `u32 step` and one spool frame; the session MAC covers all but the data (the chain value does).
inline constexpr std::size_t outputCoveredSize = 4 + frameOverhead;

/// Where a stream of output goes on: absolute offsets of the first byte wanted of each stream, and the credit.
struct StreamPoint
{
    PerStream offsets{};
    std::uint64_t creditLimit = 0; ///< absolute, over both streams: see Credit
    bool operator==(const StreamPoint &) const = default;
};

enum class LimitKind : std::uint8_t { CpuSeconds = 1, AddressSpace, FileSize, OpenFiles, Processes, Core };
struct ResourceLimit
{
    LimitKind kind{};
    std::uint64_t soft = 0; ///< UINT64_MAX = unlimited
    std::uint64_t hard = 0;
    bool operator==(const ResourceLimit &) const = default;
};

/// What a step runs. Two STARTs of one step must carry equal specs.
struct StepSpec
{
    std::vector<std::string> argv;        ///< at least one; the program is looked up in the step's PATH
    std::vector<std::string> environment; ///< "NAME=value", later ones win
    std::string workingDirectory;         ///< empty = the agent's
    bool inheritEnvironment = true;       ///< `environment` is laid over the agent's own
    std::uint64_t timeoutMs = 0;          ///< 0 = none; counted by the agent from the start
    std::uint32_t graceMs = 10'000;       ///< from TERM to KILL at the timeout
    std::uint64_t spoolBytes = 0;         ///< bound of the spool, 0 = the agent's default (64 MiB)
    std::vector<ResourceLimit> limits;
    bool operator==(const StepSpec &) const = default;
};

/// START: ensures that the step is started (never twice) and streams from `from`, as RESUME does.
struct Start
{
    static constexpr FrameType type = FrameType::Start;
    std::uint32_t step = 0;
    StreamPoint from;
    StepSpec spec;
    Digest specDigest{}; ///< not on the wire: SHA-256 of the encoded spec, set by the decoder
    bool operator==(const Start &) const = default;
};

/// RESUME: streams a known step's output from the offsets; answered by STREAM (or FAILED), then OUTPUT…, EXITED.
struct Resume
{
    static constexpr FrameType type = FrameType::Resume;
    std::uint32_t step = 0;
    StreamPoint from;
    bool operator==(const Resume &) const = default;
};

/// ACK: absolute offsets up to which the master has the output durable. The largest wins.
struct Ack
{
    static constexpr FrameType type = FrameType::Ack;
    std::uint32_t step = 0;
    PerStream offsets{};
    bool operator==(const Ack &) const = default;
};

/// CREDIT: a frame is sent while its first byte, counted over both streams since the step's start, lies below `limit`.
/// The largest of one stream wins; RESUME and START set it anew.
struct Credit
{
    static constexpr FrameType type = FrameType::Credit;
    std::uint32_t step = 0;
    std::uint64_t limit = 0;
    bool operator==(const Credit &) const = default;
};

enum class KillCause : std::uint8_t { Timeout = 1, Cancelled = 2 };
struct Kill
{
    static constexpr FrameType type = FrameType::Kill;
    std::uint32_t step = 0;
    KillCause cause = KillCause::Cancelled;
    std::uint32_t graceMs = 0; ///< from TERM to KILL; 0 = KILL at once
    bool operator==(const Kill &) const = default;
};

/// FORGET: the master has the exit record durable; the agent drops record and spool, and keeps the claim.
struct Forget
{
    static constexpr FrameType type = FrameType::Forget;
    std::uint32_t step = 0;
    bool operator==(const Forget &) const = default;
};

struct Ping
{
    static constexpr FrameType type = FrameType::Ping;
    std::uint64_t token = 0; ///< comes back in PONG
    bool operator==(const Ping &) const = default;
};

/// SHUTDOWN: cancels every step and ends the agent.
struct Shutdown
{
    static constexpr FrameType type = FrameType::Shutdown;
    std::uint32_t graceMs = 0;
    bool operator==(const Shutdown &) const = default;
};

using Command = std::variant<Start, Resume, Ack, Credit, Kill, Forget, Ping, Shutdown>;

enum class KnownState : std::uint8_t { Running = 1, Exited = 2 };
struct KnownStep
{
    std::uint32_t step = 0;
    KnownState state = KnownState::Running;
    PerStream produced{};     ///< bytes read from the step so far
    PerStream acknowledged{}; ///< largest ACK so far
    bool operator==(const KnownStep &) const = default;
};

/// READY: first frame after WELCOME: every step this agent runs or holds a record of.
struct Ready
{
    static constexpr FrameType type = FrameType::Ready;
    std::vector<KnownStep> steps;
    bool operator==(const Ready &) const = default;
};

struct Started
{
    static constexpr FrameType type = FrameType::Started;
    std::uint32_t step = 0;
    std::uint32_t pid = 0; ///< in the agent's PID namespace; 0 when the program could not be run
    std::int64_t wallMs = 0;
    bool operator==(const Started &) const = default;
};

/// STREAM: the position before the first frame that follows; its offsets are at or before those asked for.
struct Stream
{
    static constexpr FrameType type = FrameType::Stream;
    std::uint32_t step = 0;
    ChainPosition position;
    bool operator==(const Stream &) const = default;
};

/// JUMP: the stream goes on at this position; its offsets are at or before those that the master reached. What lies
/// between was acknowledged, or came just before in frames that branch off the chain.
struct Jump
{
    static constexpr FrameType type = FrameType::Jump;
    std::uint32_t step = 0;
    ChainPosition position;
    bool operator==(const Jump &) const = default;
};

/// OUTPUT: see outputCoveredSize. Decoded only; the agent copies frames from its spool.
struct Output
{
    static constexpr FrameType type = FrameType::Output;
    std::uint32_t step = 0;
    SpoolFrame frame;
};

/// EXITED: after the last OUTPUT of a resumed stream.
struct Exited
{
    static constexpr FrameType type = FrameType::Exited;
    Bytes record; ///< openExitRecord
    bool operator==(const Exited &) const = default;
};

enum class FailureCode : std::uint16_t {
    ClaimedEarlier = 1, ///< START: claimed by an earlier agent in this directory; whether it ran is unknown
    SpecMismatch = 2,   ///< START: the step was started with another spec
    UnknownStep = 3,    ///< the agent never heard of this step
    Forgotten = 4,      ///< the step ended and was forgotten
    BadRequest = 5,     ///< START: the spec cannot be run (empty argv, NUL in a string)
    TooManySteps = 6,   ///< START: not started, may be tried again
    StartFailed = 7,    ///< START: not started for want of a system resource, may be tried again
    BytesGone = 8,      ///< RESUME: offsets before what was acknowledged, or beyond what was produced
    SpoolBlocked = 9,   ///< a notice: the spool's disk refuses bytes; the step blocks until it takes them
    SpoolDamaged = 10,  ///< the spool does not read back as written; output of this step is lost
    ShuttingDown = 11   ///< START after SHUTDOWN
};

/// FAILED: a command could not be done, or a notice about a step.
struct Failed
{
    static constexpr FrameType type = FrameType::Failed;
    std::uint32_t step = 0;
    FailureCode code{};
    std::string text; ///< one sentence
    bool operator==(const Failed &) const = default;
};

struct Pong
{
    static constexpr FrameType type = FrameType::Pong;
    std::uint64_t token = 0;
    bool operator==(const Pong &) const = default;
};

using Notice = std::variant<Ready, Started, Stream, Jump, Output, Exited, Failed, Pong>;

void encode(ByteWriter &out, const Start &message);
void encode(ByteWriter &out, const Resume &message);
void encode(ByteWriter &out, const Ack &message);
void encode(ByteWriter &out, const Credit &message);
void encode(ByteWriter &out, const Kill &message);
void encode(ByteWriter &out, const Forget &message);
void encode(ByteWriter &out, const Ping &message);
void encode(ByteWriter &out, const Shutdown &message);
void encode(ByteWriter &out, const Ready &message);
void encode(ByteWriter &out, const Started &message);
void encode(ByteWriter &out, const Stream &message);
void encode(ByteWriter &out, const Jump &message);
void encode(ByteWriter &out, const Exited &message);
void encode(ByteWriter &out, const Failed &message);
void encode(ByteWriter &out, const Pong &message);

/// Master → agent; nullopt for an unknown type or a malformed payload.
std::optional<Command> decodeCommand(FrameType type, ByteView payload);
/// Agent → master; an Output's data points into `payload`.
std::optional<Notice> decodeNotice(FrameType type, ByteView payload);

} // namespace danube::agent
