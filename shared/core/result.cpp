// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/result.h"

#include <cerrno>
#include <system_error>

namespace danube {

QString errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return QStringLiteral("invalid-argument");
    case ErrorCode::Unauthenticated:
        return QStringLiteral("unauthenticated");
    case ErrorCode::PermissionDenied:
        return QStringLiteral("permission-denied");
    case ErrorCode::NotFound:
        return QStringLiteral("not-found");
    case ErrorCode::AlreadyExists:
        return QStringLiteral("already-exists");
    case ErrorCode::Conflict:
        return QStringLiteral("conflict");
    case ErrorCode::ResourceExhausted:
        return QStringLiteral("resource-exhausted");
    case ErrorCode::Unavailable:
        return QStringLiteral("unavailable");
    case ErrorCode::Timeout:
        return QStringLiteral("timeout");
    case ErrorCode::Cancelled:
        return QStringLiteral("cancelled");
    case ErrorCode::DataLoss:
        return QStringLiteral("data-loss");
    case ErrorCode::Io:
        return QStringLiteral("io");
    case ErrorCode::Protocol:
        return QStringLiteral("protocol");
    case ErrorCode::Internal:
        return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

std::unexpected<Error> failErrno(const QString &attempt, int error)
{
    auto code = ErrorCode::Io;
    if (error == ENOSPC || error == EDQUOT)
        code = ErrorCode::ResourceExhausted;
    else if (error == ENOENT)
        code = ErrorCode::NotFound;
    return fail(code,
                attempt + QLatin1StringView(": ") + QString::fromStdString(std::generic_category().message(error)));
}

} // namespace danube
