// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/message.h"
#include "shared/protocol/problem.h"

namespace danube::rpc {

/// Every refusal of :9000 passes one of these two (RFC 9457). Errors of the master's own (Io, Internal, DataLoss,
/// Protocol) are logged here and told without their text, which may name paths. 503 and 429 carry Retry-After, 401
/// WWW-Authenticate.
Response refusal(const Error &error, const QString &path, protocol::Exhausted exhausted = protocol::Exhausted::Requests,
                 const QJsonObject &extensions = {});
/// A refusal of HTTP itself, which no Error stands for: 405, 408, 413, 431.
Response refusal(int status, const QString &detail, const QString &path, const Headers &headers = {});

Response jsonResponse(const QJsonObject &body);
Response jsonResponse(QByteArray body);

} // namespace danube::rpc
