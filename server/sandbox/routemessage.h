// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace danube::sandbox {

/// Every address of a range belongs to this machine.
struct LocalRoute
{
    std::string destination;  ///< an address literal
    unsigned char prefix = 0; ///< bits
    int device = 0;           ///< index
};

/// RTM_NEWROUTE into the local table (rtnetlink(7)); asks for an acknowledgement.
std::vector<std::byte> addRouteMessage(const LocalRoute &route);

/// The errno of an acknowledgement; 0 = done, EBADMSG when it is none.
int errorOf(std::span<const std::byte> answer);

} // namespace danube::sandbox
