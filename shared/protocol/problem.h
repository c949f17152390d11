// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace danube::protocol {

/// RFC 9457 problem details, the body of every refusal on every port.
struct Problem
{
    QString type;     ///< "urn:danube:problem:<slug>", slug = errorCodeName
    QString title;    ///< the same for every problem of a type
    int status = 500; ///< HTTP status
    QString detail;   ///< one sentence about this very occurrence
    QString instance; ///< path of the request; may be empty
    QJsonObject extensions;
    bool operator==(const Problem &) const = default;
};

inline constexpr char problemContentType[] = "application/problem+json";

/// Which bound was reached when the code is ResourceExhausted: 429 (ask again later) or 507 (the volume is full).
enum class Exhausted { Requests, Storage };

/// The one translation of errors for HTTP: InvalidArgument 400, Unauthenticated 401, PermissionDenied 403, NotFound
/// 404, AlreadyExists, Conflict and Cancelled 409, ResourceExhausted 429 or 507 (then with extension
/// "resource":"storage"), Unavailable 503, Timeout 504, Protocol 502, DataLoss, Io and Internal 500.
Problem problemOf(const Error &error, const QString &instance = {}, Exhausted exhausted = Exhausted::Requests);
/// For refusals that are HTTP's own and no Error of ours: 405, 406, 413, 414, 415, 431 …; the slug is made of the
/// title.
Problem problemOfStatus(int status, const QString &detail, const QString &instance = {});

/// Extensions become members beside the standard ones; they never replace one.
QJsonObject toJson(const Problem &problem);
QByteArray toBytes(const Problem &problem); ///< compact JSON with a final newline
Problem problemFromJson(const QJsonObject &object);

/// Client side: the Error in a refusal, by type where it is one of ours, else by status. The message is the detail.
Error errorOf(const Problem &problem);
/// The Error in any HTTP answer that is no success, also from proxies that send HTML or nothing ("answered 502 Bad
/// Gateway").
Error errorOfAnswer(int status, const QByteArray &body);

/// Reason phrase of a status: "Not Found"; "Status 299" for an unknown one.
QString titleOf(int status);

} // namespace danube::protocol
