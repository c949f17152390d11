// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/cell/options.h"

#include <charconv>
#include <functional>
#include <map>
#include <string_view>

namespace danube::cell {
namespace {

/// The arguments that are still to be read.
struct Arguments
{
    char **next;
    char **end;
    std::string take() { return next < end ? *next++ : std::string(); }
};

template <class Number> bool readNumber(std::string_view text, Number &number, int base = 10)
{
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc() && rest == text.data() + text.size();
}

bool readGroups(std::string_view text, std::vector<gid_t> &groups)
{
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (!readNumber(text.substr(0, comma), groups.emplace_back()))
            return false;
        text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    }
    return true;
}

using Reader = std::function<bool(Options &, Arguments &)>;

template <class Number> Reader number(Number Options::*member)
{
    return [member](Options &options, Arguments &arguments) { return readNumber(arguments.take(), options.*member); };
}

Reader text(std::string Options::*member)
{
    return [member](Options &options, Arguments &arguments) {
        options.*member = arguments.take();
        return !(options.*member).empty();
    };
}

Reader flag(bool Options::*member)
{
    return [member](Options &options, Arguments &) { return options.*member = true; };
}

Reader bind(bool isReadOnly)
{
    return [isReadOnly](Options &options, Arguments &arguments) {
        std::string source = arguments.take();
        options.binds.push_back({std::move(source), arguments.take(), isReadOnly});
        return options.binds.back().target.starts_with('/');
    };
}

const std::map<std::string, Reader, std::less<>> &readers()
{
    static const std::map<std::string, Reader, std::less<>> table{
        {"--target", number(&Options::target)},
        {"--parent", number(&Options::parent)},
        {"--report", number(&Options::report)},
        {"--image", text(&Options::image)},
        {"--stage", text(&Options::stage)},
        {"--hostname", text(&Options::hostname)},
        {"--bind", bind(false)},
        {"--bind-read-only", bind(true)},
        {"--read-only-root", flag(&Options::hasReadOnlyRoot)},
        {"--user", number(&Options::user)},
        {"--group", number(&Options::group)},
        {"--groups",
         [](Options &options, Arguments &arguments) { return readGroups(arguments.take(), options.groups); }},
        {"--capabilities",
         [](Options &options, Arguments &arguments) { return readNumber(arguments.take(), options.capabilities, 16); }},
        {"--no-new-privileges", flag(&Options::forbidsNewPrivileges)},
        {"--terminal", flag(&Options::hasTerminal)},
        {"--env",
         [](Options &options, Arguments &arguments) {
             return options.environment.emplace_back(arguments.take()).contains('=');
         }},
        {"--directory", text(&Options::directory)},
    };
    return table;
}

} // namespace

const char *usage()
{
    return "danube-cell: usage: danube-cell check\n"
           "       danube-cell run --image DIR --stage DIR [OPTION...] -- COMMAND [ARGUMENT...]\n"
           "       danube-cell exec --target PID [OPTION...] -- COMMAND [ARGUMENT...]\n"
           "options: --parent PID --report FD --hostname NAME --bind SOURCE TARGET --bind-read-only SOURCE TARGET\n"
           "         --read-only-root --user ID --group ID --groups ID,... --capabilities HEX --no-new-privileges\n"
           "         --terminal --env NAME=VALUE --directory DIR\n";
}

Result<Options> readOptions(int argc, char **argv)
{
    Options options;
    Arguments arguments{argv + 1, argv + argc};
    const std::string verb = arguments.take();
    if (verb == "check" && argc == 2)
        return options;
    if (verb != "run" && verb != "exec")
        return std::unexpected("no verb");
    options.verb = verb == "run" ? Options::Verb::Run : Options::Verb::Exec;
    while (arguments.next < arguments.end) {
        const std::string name = arguments.take();
        if (name == "--")
            break;
        const auto reader = readers().find(name);
        if (reader == readers().end() || !reader->second(options, arguments))
            return std::unexpected("bad option " + name);
    }
    options.command.assign(arguments.next, arguments.end);
    const bool isWhole =
        options.verb == Options::Verb::Run ? !options.image.empty() && !options.stage.empty() : options.target > 0;
    return isWhole ? Result<Options>(std::move(options)) : std::unexpected("an option is missing");
}

} // namespace danube::cell
