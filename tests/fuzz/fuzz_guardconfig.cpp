// SPDX-License-Identifier: GPL-3.0-or-later
// The guard's first message, addresses and packets: what is taken keeps its bounds, and an address is what its text
// says, all of it.
#include "server/guard/addressrules.h"
#include "server/guard/attempts.h"
#include "server/guard/guardconfig.h"
#include "server/guard/hostname.h"
#include "shared/core/id.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::guard;

namespace {

void checkAddresses(std::string_view text)
{
    const auto isPrintable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (const auto address = IpAddress::parse(text)) {
        require(std::ranges::all_of(text, isPrintable) && IpAddress::parse(address->text()) == address);
        require(!isReachable(*address, true) || addressKind(*address) != AddressKind::Metadata);
    }
    if (const auto endpoint = Endpoint::parse(text)) {
        require(std::ranges::all_of(text, isPrintable));
        sockaddr_storage raw{};
        endpoint->write(raw);
        require(Endpoint::of(raw) == endpoint);
        require(endpoint->port == 0 || Endpoint::parse(endpoint->text()) == endpoint);
    }
    const std::string name = canonicalHostName(text);
    require(canonicalHostName(name) == name && !IpAddress::parse(name));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    checkAddresses(bytes);
    if (const auto place = attemptedPlace(bytes))
        require(size >= 24 && (place->address.isV6 ? data[0] >> 4 == 6 : true));
    const auto config = parseGuardConfig(QByteArray(bytes.data(), static_cast<qsizetype>(size)));
    if (!config) {
        require(!config.error().message.isEmpty());
        return 0;
    }
    require(isSafeId(config->job) && config->listeners.size() <= maxListeners);
    require(std::ranges::count(config->listeners, Listener::Kind::Lifeline, &Listener::kind) == 1);
    require(!config->rpc || config->rpc->port != 0);
    for (const auto &[name, endpoints] : config->hosts)
        require(!endpoints.empty() && canonicalHostName(name) == name);
    return 0;
}
