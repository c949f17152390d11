// SPDX-License-Identifier: GPL-3.0-or-later
// TLS hellos: any bytes, cut anywhere, give the same verdict; a name that is given is canonical, and what the gate
// opens for is exactly that name. What it lets through is what came.
#include "server/guard/gate.h"
#include "server/guard/hostname.h"
#include "tests/fuzz/require.h"

using namespace danube::guard;

namespace {

ClientHelloReader read(std::string_view bytes, size_t piece)
{
    ClientHelloReader reader;
    for (size_t at = 0; at < bytes.size(); at += piece)
        reader.feed(bytes.substr(at, piece));
    return reader;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data + 1), size - 1);
    const auto whole = read(bytes, std::max<size_t>(bytes.size(), 1));
    const auto cut = read(bytes, data[0] % 11 + 1);
    require(whole.state() == cut.state() && whole.defect() == cut.defect());
    require((whole.state() == ClientHelloReader::State::Broken) == !whole.defect().empty());
    const bool isComplete = whole.state() == ClientHelloReader::State::Complete;
    require(!isComplete || whole.hello() == cut.hello());
    const std::string &name = whole.hello().serverName;
    require(!isComplete || name.empty() || canonicalHostName(name) == name);
    Gate gate("a.org", 443, Speech::Tls, EncryptedHello::Refuse);
    const bool isOpen = gate.feed(bytes) == Gate::State::Open;
    require(isOpen == (isComplete && name == "a.org" && !whole.hello().hasEncryptedHello));
    require(!isOpen || gate.takePassed() == bytes);
    return 0;
}
