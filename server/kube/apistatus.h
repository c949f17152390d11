// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QJsonObject>

#include <optional>

namespace danube::kube {

/// What went wrong with a request: the API server's refusal, kept whole, or the failure to reach it (httpCode 0).
struct ApiError
{
    enum class Kind {
        BadRequest,      ///< 400, 405, 415, 422, and the few 500 that mean it: ours is wrong
        Unauthorized,    ///< 401
        Forbidden,       ///< 403 by RBAC or admission
        QuotaExceeded,   ///< 403 whose message says "exceeded quota": may succeed later
        NotFound,        ///< 404
        AlreadyExists,   ///< 409 AlreadyExists
        Conflict,        ///< 409 otherwise
        Expired,         ///< 410: relist
        TooManyRequests, ///< 429
        ServerError,     ///< 5xx
        Tls,             ///< certificate or handshake; never retried silently
        Network,         ///< name, connection, reset, proxy
        Timeout,         ///< no (whole) answer within the deadline
        Protocol,        ///< an answer that is none
    };
    Kind kind = Kind::Network;
    int httpCode = 0;
    QString reason;  ///< Status.reason, "" when the server gave none
    QString message; ///< Status.message, or plain text of the body (at most 2 KiB), or the socket's sentence
    std::optional<seconds> retryAfter; ///< of the header, else of the Status; at most one hour
    QJsonObject details;               ///< Status.details

    bool isTransient() const; ///< the same request may well succeed later (also QuotaExceeded, but not soon)
    /// One sentence for users: "create pod x: pods is forbidden: … (403 Forbidden)", with the code that fits.
    Error toError(const QString &attempt) const;
    bool operator==(const ApiError &) const = default;
};

/// Reads a refusal: JSON Status, or plain text as some refusals are. `httpCode` ≥ 400, or 200 with an ERROR event's
/// Status body, whose code is taken then; what is neither is Protocol.
ApiError readRefusal(int httpCode, const QByteArray &retryAfterHeader, const QByteArray &body);

template <class T> using ApiResult = std::expected<T, ApiError>;

} // namespace danube::kube
