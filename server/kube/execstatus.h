// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"

namespace danube::kube {

/// Channels of {v4,v5}.channel.k8s.io: the first byte of each message.
enum class Channel : quint8 { Stdin = 0, Stdout = 1, Stderr = 2, Status = 3, Resize = 4, Close = 255 };

/// What the API server said at the end of an exec. Evidence, never proof: Success may be said of a command that still
/// runs, so nobody takes an exit code from here for a step.
struct ExecStatus
{
    enum class Kind { Success, ExitCode, NotStarted, Malformed };
    Kind kind = Kind::Malformed;
    int exitCode = -1; ///< of ExitCode
    QString message;   ///< for operators' logs only: v4 puts the whole argv into it
};

/// More than that is Malformed. (v4 repeats the argv twice in it, but ours is short.)
inline constexpr qsizetype largestExecStatus = 64 << 10;

/// Pure: one message of channel 3 (JSON Status).
ExecStatus readExecStatus(const QByteArray &json);

/// How one exec connection ended.
struct ExecEnd
{
    enum class Kind {
        Refused, ///< before the upgrade; `refusal` is whole
        Status,  ///< the server told a status, then closed
        Closed,  ///< closed or cut without a status
        Broken,  ///< protocol, TLS, network, ping deadline, or our own abort
    };
    Kind kind = Kind::Broken;
    ExecStatus status;
    ApiError refusal;
    int closeCode = 0;     ///< WebSocket close code, 0 = none came
    QString message;       ///< one sentence: "the connection to the API server was cut"
    QString standardError; ///< first 4 KiB of channel 2
};

} // namespace danube::kube
