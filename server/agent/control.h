// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/bytes.h"
#include "server/agent/clock.h"

#include <optional>

/// Messages between the daemon and a step's supervisor, over a SOCK_SEQPACKET pair that nobody else holds.
namespace danube::agent {

enum class ControlKind : std::uint8_t {
    // supervisor to daemon
    Started = 1,    ///< first = pid of the main process
    NotStarted = 2, ///< first = LaunchStage, second = errno; TreeGone follows
    MainEnded = 3,  ///< first = wait status, second = 1 when a Kill had been received before, at = when
    TreeGone = 4,   ///< first = number of processes that could not be killed
    // daemon to supervisor
    Kill = 5,  ///< first = grace in milliseconds
    Record = 6 ///< extra = exit record to write; the supervisor ends after it
};

struct ControlMessage
{
    ControlKind kind{};
    std::int32_t first = 0;
    std::int32_t second = 0;
    SteadyMs at = 0;
    Bytes extra;
};

/// False when the peer is gone or its queue is full.
bool sendControl(int socket, const ControlMessage &message);

enum class ControlStatus { Message, Nothing, Closed };
/// Never blocks.
ControlStatus receiveControl(int socket, ControlMessage &message);

} // namespace danube::agent
