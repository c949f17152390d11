// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"

#include <QList>

class QSslError;

namespace danube::kube {

/// What the API server did not say but we know: httpCode 0.
ApiError localError(ApiError::Kind kind, const QString &message);

/// Why TLS with the API server was refused, in words for a user: the first error that says something.
QString tlsReason(const QList<QSslError> &errors);

} // namespace danube::kube
