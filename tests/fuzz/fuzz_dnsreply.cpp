// SPDX-License-Identifier: GPL-3.0-or-later
// What a resolver may answer to the guard: read or refused, at a cost that its length bounds (compression loops).
#include "server/guard/dnsmessage.h"

#include <cstdlib>

using namespace danube::guard;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto reply = dns::readReply({reinterpret_cast<const char *>(data), size});
    if (!reply)
        return 0;
    if (reply->addresses.size() > 256 || reply->addresses.size() > size || reply->name.size() > 4 * 255)
        std::abort();
    for (const IpAddress &address : reply->addresses) {
        const auto again = IpAddress::parse(address.text());
        if (!again || *again != address)
            std::abort();
    }
    return 0;
}
