// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/guardstart.h"
#include "server/sandbox/hostmounts.h"
#include "server/sandbox/identity.h"
#include "server/sandbox/options.h"
#include "server/sandbox/routemessage.h"

#include <algorithm>

using namespace danube::sandbox;

namespace {

void readAsOptions(std::string text)
{
    std::ranges::replace(text, '\n', '\0');
    std::vector<const char *> words;
    for (std::size_t at = 0; at < text.size();
         at = text.find('\0', at) == std::string::npos ? text.size() : text.find('\0', at) + 1)
        words.push_back(text.c_str() + at);
    const auto options = readOptions(words);
    if (options && (options->ports.size() > maxPorts || std::ranges::contains(options->ports, 0)))
        __builtin_trap();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    const std::vector<std::string> folders{"/usr", "/opt"};
    for (const std::string &place : mountsBelow(text, folders)) {
        const bool isBelow = isAtOrBelow(place, "/usr") || isAtOrBelow(place, "/opt");
        if (!isBelow || place == "/usr" || place == "/opt")
            __builtin_trap();
    }
    const Identity identity = chooseIdentity(0, text, 77);
    if (!identity.isOwn && identity.outside == identity.guard)
        __builtin_trap();
    if (const auto message = firstMessage(text, {}); message && !message->ends_with("\"listeners\":[]}"))
        __builtin_trap();
    errorOf(std::as_bytes(std::span(data, size)));
    readAsOptions(text);
    return 0;
}
