// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <expected>

namespace danube {

/// Closed set of reasons. Each edge (REST, RPC, CLI, console) translates it in exactly one function.
enum class ErrorCode {
    InvalidArgument,  ///< the caller's input is wrong; message names field, value and what was expected
    Unauthenticated,  ///< no or unknown credential
    PermissionDenied, ///< known caller, missing right
    NotFound,         ///< the named object does not exist (or may not be known to exist)
    AlreadyExists,
    Conflict,          ///< illegal in the object's present state, or a changed body under a used request id
    ResourceExhausted, ///< a written bound was reached (queue, quota, disk)
    Unavailable,       ///< may work later: draining, starting, peer away
    Timeout,
    Cancelled,
    DataLoss, ///< stored or received bytes are not what was written: digest, MAC, torn file
    Io,       ///< the operating system refused
    Protocol, ///< the peer broke its protocol
    Internal, ///< a bug of ours
};

QString errorCodeName(ErrorCode code);

/// "We could not find out" or "we could not do it". Outcomes (exit code, timeout of a step) are values, never errors.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString message; ///< names object and attempt: "open database x: disk full"

    /// The same error seen one level up: "<attempt>: <message>".
    [[nodiscard]] Error in(const QString &attempt) const { return {code, attempt + QLatin1StringView(": ") + message}; }
    bool operator==(const Error &) const = default;
};

template <class T> using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, QString message)
{
    return std::unexpected(Error{code, std::move(message)});
}

/// Error::Io with the text of errno: fail with "<attempt>: No space left on device". ENOSPC and EDQUOT map to
/// ResourceExhausted, ENOENT to NotFound.
[[nodiscard]] std::unexpected<Error> failErrno(const QString &attempt, int error);

} // namespace danube
