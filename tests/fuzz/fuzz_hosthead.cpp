// SPDX-License-Identifier: GPL-3.0-or-later
// Plain HTTP requests: any bytes, cut anywhere, give the same; what passes is a prefix of what came, and llhttp, a
// parser of other hands, sees in it no request for another Host.
#include "server/guard/hostname.h"
#include "server/guard/hostreader.h"
#include "tests/fuzz/require.h"

#include <llhttp.h>

using namespace danube::guard;

namespace {

struct Outcome
{
    bool isGood = true;
    std::string passed;
    bool operator==(const Outcome &) const = default;
};

Outcome read(std::string_view bytes, size_t piece)
{
    HostReader reader("a.org", 80);
    Outcome outcome;
    for (size_t at = 0; at < bytes.size() && outcome.isGood; at += piece)
        outcome.isGood = reader.feed(bytes.substr(at, piece), outcome.passed);
    return outcome;
}

/// The Hosts that llhttp sees, one for each request that it finds complete heads of.
struct Witness
{
    llhttp_t parser{};
    std::string field;
    std::string value;
    std::vector<std::string> hosts;
};

Witness &of(llhttp_t *parser)
{
    return *static_cast<Witness *>(parser->data);
}

void witness(std::string_view bytes)
{
    Witness seen;
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_message_begin = [](llhttp_t *parser) {
        of(parser).hosts.clear();
        return 0;
    };
    settings.on_header_field = [](llhttp_t *parser, const char *at, size_t length) {
        of(parser).field.append(at, length);
        return 0;
    };
    settings.on_header_value = [](llhttp_t *parser, const char *at, size_t length) {
        of(parser).value.append(at, length);
        return 0;
    };
    settings.on_header_value_complete = [](llhttp_t *parser) {
        Witness &now = of(parser);
        std::string name = std::exchange(now.field, {});
        std::string value = std::exchange(now.value, {});
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        if (name == "host")
            now.hosts.push_back(value);
        return 0;
    };
    settings.on_headers_complete = [](llhttp_t *parser) {
        const auto &hosts = of(parser).hosts;
        require(hosts.size() == 1);
        std::string_view host = hosts[0];
        host = host.substr(0, host.find(':'));
        while (!host.empty() && (host.back() == ' ' || host.back() == '\t'))
            host.remove_suffix(1);
        require(canonicalHostName(host) == "a.org");
        return 0;
    };
    llhttp_init(&seen.parser, HTTP_REQUEST, &settings);
    seen.parser.data = &seen;
    llhttp_execute(&seen.parser, bytes.data(), bytes.size()); // its refusals are no concern of ours
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data + 1), size - 1);
    const Outcome whole = read(bytes, std::max<size_t>(bytes.size(), 1));
    require(whole == read(bytes, data[0] % 7 + 1));
    require(bytes.starts_with(whole.passed));
    witness(whole.passed);
    return 0;
}
