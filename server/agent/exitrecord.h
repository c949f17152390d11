// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/spoolformat.h"

/// The agent's word on how a step ended, in EXITED and in DIR/steps/<n>/exit: docs/formats/spool.md. Pure.
namespace danube::agent {

enum class ExitKind : std::uint8_t {
    Exited = 1,        ///< the main process ended by itself (or could not be run: 126, 127)
    Signalled = 2,     ///< killed by a signal that was not the agent's
    Timeout = 3,       ///< killed by the agent: the step's time was over
    Cancelled = 4,     ///< killed by the agent on the master's word
    LostSupervisor = 5 ///< the step's supervisor was killed, so the exit status is unknown; everything left was killed
};

inline constexpr std::size_t maxExitMessage = 1024;
inline constexpr std::size_t maxExitRecord = 2048;

struct ExitRecord
{
    std::uint32_t step = 0;
    ExitKind kind = ExitKind::LostSupervisor;
    std::int32_t code = -1;         ///< the main process's own exit code 0..255; -1 when it has none
    std::int32_t signal = 0;        ///< the signal that ended the main process; 0 when none
    std::int64_t startedWallMs = 0; ///< milliseconds since 1970
    std::int64_t finishedWallMs = 0;
    std::uint64_t durationMs = 0; ///< steady clock, start to end of the main process
    PerStream bytes{};            ///< length of each stream
    std::uint64_t frames = 0;     ///< number of spool frames
    Digest chain{};               ///< chain value after the last frame
    std::string message;          ///< at most maxExitMessage bytes; UTF-8 is not promised
    bool operator==(const ExitRecord &) const = default;
};

/// The record's bytes with its MAC. A longer message is cut.
Bytes sealExitRecord(const ExitRecord &record, const HmacKey &stepKey);
/// nullopt for anything that is not exactly one record of this step under this key.
std::optional<ExitRecord> openExitRecord(ByteView bytes, const HmacKey &stepKey, std::uint32_t step);

} // namespace danube::agent
