// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/rpcmessages.h"

namespace danube::protocol {

/// Bodies of the small calls as bytes: what parseJsonObject() and the readers of rpcmessages.h make of them. Plain
/// ones, which is nearly all, are read by simdjson without a QJsonObject in between; what is unusual or wrong is left
/// to those readers, so that there is one set of rules and of refusals. (fuzz_rpcmessages holds both beside each
/// other.)
Result<RunStepRequest> runStepFromBytes(const QByteArray &body);
Result<GetSecretRequest> getSecretFromBytes(const QByteArray &body);
Result<ReportStatusRequest> reportStatusFromBytes(const QByteArray &body);

/// {"key", "value"}
QByteArray getSecretAnswer(const QString &key, const QByteArray &value);
/// {"status"}
QByteArray reportStatusAnswer(const QString &status);

} // namespace danube::protocol
