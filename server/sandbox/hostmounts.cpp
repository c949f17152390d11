// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/hostmounts.h"

#include <algorithm>
#include <array>

namespace danube::sandbox {
namespace {

constexpr std::array pseudo{"proc",    "sysfs",      "devtmpfs", "devpts",  "mqueue",     "cgroup",    "cgroup2",
                            "debugfs", "tracefs",    "bpf",      "pstore",  "configfs",   "hugetlbfs", "autofs",
                            "nsfs",    "securityfs", "efivarfs", "fusectl", "binfmt_misc"};

// proc_pid_mountinfo(5): space, tab, newline and backslash are octal.
std::string unescape(std::string_view text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto digits = text.substr(at).starts_with('\\') ? text.substr(at + 1, 3) : std::string_view();
        const bool isOctal =
            digits.size() == 3 && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '7'; });
        if (!isOctal) {
            plain += text[at];
            continue;
        }
        plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
        at += 3;
    }
    return plain;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

} // namespace

std::vector<std::string> systemFolders()
{
    return {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
            "/etc", "/opt", "/nix",  "/gnu", "/snap",  "/app"};
}

bool isAtOrBelow(std::string_view path, std::string_view folder)
{
    return path == folder || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

std::vector<std::string> mountsBelow(std::string_view text, const std::vector<std::string> &folders)
{
    std::vector<std::string> found;
    for (const std::string_view line : split(text, '\n')) {
        const auto fields = split(line, ' ');
        const auto dash = std::ranges::find(fields, "-");
        if (fields.size() < 6 || dash == fields.end() || std::next(dash) == fields.end())
            continue;
        const std::string place = unescape(fields[4]);
        const bool isBelow = std::ranges::any_of(
            folders, [&](const std::string &folder) { return place != folder && isAtOrBelow(place, folder); });
        if (isBelow && !std::ranges::contains(pseudo, *std::next(dash)) && !std::ranges::contains(found, place))
            found.push_back(place);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace danube::sandbox
