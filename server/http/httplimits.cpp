// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/httplimits.h"

namespace danube::http {

HttpLimits HttpLimits::within(int descriptors) const
{
    HttpLimits limits = *this;
    limits.connections = std::clamp(descriptors / 4, 1, connections);
    limits.streams = std::clamp(descriptors / 4, 1, streams); // a stream may hold its log's two files open besides
    return limits;
}

} // namespace danube::http
