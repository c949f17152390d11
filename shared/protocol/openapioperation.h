// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/routes.h"

namespace danube::protocol {

/// What the route table does not say of a route. Parameters and fields: "name:type name!:type", with an exclamation
/// mark where it must be there; the types are those of openapi.cpp.
struct Operation
{
    const char *id;
    const char *summary;
    const char *statuses; ///< of success; all others are problems
    const char *answer;   ///< media type, and the name of a schema when there is one
    const char *query = "";
    const char *body = nullptr; ///< fields of a JSON object; null = none
    bool needsBody = true;
};

Operation operationOf(RouteId route);

} // namespace danube::protocol
