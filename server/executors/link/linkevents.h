// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/exitrecord.h"
#include "server/agent/linkmessages.h"
#include "shared/core/bytecount.h"
#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/model/step.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <variant>

/// Values that go in and out of LinkClient.
namespace danube::link {

using agent::ExitRecord;
using agent::FailureCode;
using agent::KillCause;
using agent::KnownState;
using agent::LimitKind;
using agent::ResourceLimit;
using OutputStream = agent::StreamId;

/// What a step runs. Everything but the timeout's meaning is by value: start() of the same step again needs equal ones.
struct StepSpec
{
    QStringList argv;                               ///< at least one; looked up in the step's PATH
    QList<std::pair<QString, QString>> environment; ///< later ones win
    QString workingDirectory;                       ///< empty = the agent's
    bool inheritEnvironment = true;                 ///< `environment` is laid over the agent's own
    milliseconds timeout{0};                        ///< 0 = none; enforced by the agent
    milliseconds grace{10'000};                     ///< from TERM to KILL at the timeout
    ByteCount spool{0};                             ///< bound of unacknowledged output; 0 = 64 MiB
    QList<ResourceLimit> limits;
};

/// Absolute byte offsets of the two raw streams of a step.
struct StreamOffsets
{
    quint64 standardOutput = 0;
    quint64 standardError = 0;
    bool operator==(const StreamOffsets &) const = default;
};

/// Where output goes on: the first byte wanted of each stream, and the credit (LinkClient::credit).
struct StreamPoint
{
    StreamOffsets offsets;
    quint64 creditLimit = 0;
};

struct KnownStep
{
    StepNumber step{};
    KnownState state{};
    StreamOffsets produced;     ///< read from the step so far
    StreamOffsets acknowledged; ///< largest acknowledgement the agent has seen
};

/// The agent proved itself, and knows these steps. From here on commands may be given.
struct Ready
{
    QByteArray bootId; ///< 16 bytes; another one than before = another daemon, whose predecessor is dead
    QList<KnownStep> steps;
};

struct StepStarted
{
    StepNumber step{};
    qint64 pid = 0; ///< in the agent's PID namespace; 0 when the program could not be run
    WallTime at{};
};

/// Verified bytes, each given out once per link, without gaps from the offset asked for.
struct StepOutput
{
    StepNumber step{};
    OutputStream stream{};
    quint64 offset = 0; ///< of the first byte, within its stream
    WallTime time{};    ///< when the agent read them
    QByteArray bytes;
};

/// The verified record; all output it counts was given out (or lies before the offset asked for).
struct StepExited
{
    StepNumber step{};
    ExitRecord record;
};

/// A command failed, or a notice (FailureCode says which). After ClaimedEarlier, UnknownStep and SpoolDamaged nobody
/// will ever know the outcome: the step is lost. SpoolBlocked is a notice only.
struct StepFailed
{
    StepNumber step{};
    FailureCode code{};
    QString text;
};

struct Pong
{
    quint64 token = 0;
};

/// Nothing comes any more; drop the connection. Unauthenticated: wrong or missing key on one side; DataLoss: a MAC,
/// chain value or count does not hold; Protocol: malformed.
struct LinkBroken
{
    Error error;
};

using LinkEvent = std::variant<Ready, StepStarted, StepOutput, StepExited, StepFailed, Pong, LinkBroken>;

} // namespace danube::link
