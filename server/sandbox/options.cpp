// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/options.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace danube::sandbox {
namespace {

std::unexpected<std::string> refuse(std::string_view name, const std::string &expected)
{
    return std::unexpected(std::string(name) + ": expected " + expected);
}

// "/a/../b" would be seen at another place than it is looked for.
bool isCleanPath(std::string_view path)
{
    const bool isAbsolute = path.size() > 1 && path.front() == '/' && path.back() != '/';
    return isAbsolute && !path.contains("//") && !(std::string(path) + '/').contains("/./") &&
           !(std::string(path) + '/').contains("/../");
}

template <class Number> bool readNumber(std::string_view text, Number &number)
{
    const auto read = std::from_chars(text.begin(), text.end(), number);
    return read.ec == std::errc() && read.ptr == text.end() && number != 0;
}

std::string *textOption(Options &options, std::string_view name)
{
    if (name == "--dir")
        return &options.directory;
    if (name == "--agent")
        return &options.agent;
    if (name == "--guard")
        return &options.guard;
    if (name == "--guard-config")
        return &options.guardConfig;
    return name == "--flows" ? &options.flows : nullptr;
}

std::expected<void, std::string> take(Options &options, std::string_view name, std::string_view value)
{
    if (name == "--port") {
        std::uint16_t port = 0;
        if (!readNumber(value, port))
            return refuse(name, "a number from 1 to 65535");
        if (!std::ranges::contains(options.ports, port))
            options.ports.push_back(port);
        return options.ports.size() <= maxPorts ? std::expected<void, std::string>()
                                                : refuse(name, "at most " + std::to_string(maxPorts) + " of them");
    }
    if (name == "--orphan-limit")
        return readNumber(value, options.orphanLimit) ? std::expected<void, std::string>()
                                                      : refuse(name, "a number of seconds");
    std::string *text = textOption(options, name);
    if (!text && name != "--show")
        return std::unexpected("unknown option " + std::string(name));
    if (!isCleanPath(value))
        return refuse(name, "an absolute path without . and ..");
    if (text)
        *text = value;
    else
        options.visible.emplace_back(value);
    return {};
}

} // namespace

std::expected<Options, std::string> readOptions(std::span<const char *const> arguments)
{
    Options options;
    const std::string_view verb = arguments.empty() ? "" : arguments.front();
    if (verb != "run" && verb != "probe")
        return std::unexpected("expected run or probe");
    options.verb = verb == "probe" ? Options::Verb::Probe : Options::Verb::Run;
    if (arguments.size() % 2 == 0)
        return std::unexpected("an option without its value");
    for (std::size_t at = 1; at < arguments.size(); at += 2) {
        if (auto taken = take(options, arguments[at], arguments[at + 1]); !taken)
            return std::unexpected(taken.error());
    }
    const bool isComplete = !options.directory.empty() && !options.agent.empty() && !options.guard.empty() &&
                            !options.guardConfig.empty() && !options.flows.empty();
    if (options.verb == Options::Verb::Run && !isComplete)
        return std::unexpected("run needs --dir, --agent, --guard, --guard-config and --flows");
    return options;
}

} // namespace danube::sandbox
