// SPDX-License-Identifier: GPL-3.0-or-later
// Any path: what a route takes from it, it can also be built from.
#include "shared/protocol/routes.h"

using namespace danube::protocol;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString path = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    for (const Method method : {Method::Get, Method::Head, Method::Post, Method::Put, Method::Delete}) {
        const auto match = matchRoute(method, path);
        if (!match || !match->route)
            continue;
        const auto again = matchRoute(match->route->method, pathOf(match->route->id, match->values));
        if (!again || again->route != match->route || again->values != match->values)
            abort();
    }
    return 0;
}
