// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArrayView>
#include <QMap>
#include <QString>

#include <span>

namespace danube::rpc {

/// The parameters of a query ("a=1&b=%20"), percent-decoded as UTF-8; '+' stands for itself. InvalidArgument for a name
/// that is not in `known`, one given twice, a bad escape or bad UTF-8; the message names the parameter.
Result<QMap<QString, QString>> parseQuery(QByteArrayView query, std::span<const QLatin1StringView> known);

} // namespace danube::rpc
