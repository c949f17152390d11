// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

namespace danube::protocol {

/// GET /api/v1/openapi.json: an OpenAPI 3.1 description of routes(). Paths, methods and rights are the route table's;
/// shapes are those that toJson() writes; what neither of them knows (words, parameters) stands in one table, which has
/// an entry for every route, or it does not compile
/// (openapioperation.cpp).
QJsonObject openApi(const QString &version);

} // namespace danube::protocol
