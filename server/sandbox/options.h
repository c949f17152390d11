// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace danube::sandbox {

/// What the local executor asks for; see usage() in main.cpp. All paths are absolute.
struct Options
{
    enum class Verb {
        Run,
        Probe, ///< only tries whether the kernel lets us
    };
    Verb verb = Verb::Run;
    std::string directory;            ///< the job's folder, with all of its sub-folders made
    std::string agent;                ///< danube-agent
    std::string guard;                ///< danube-guard
    std::string guardConfig;          ///< file with the guard's first message, without "listeners"
    std::string flows;                ///< file that the guard appends its records to
    std::vector<std::uint16_t> ports; ///< TCP ports that the guard serves
    std::uint32_t orphanLimit = 0;    ///< seconds that the agents wait for a master; 0 = for ever
    std::vector<std::string> visible; ///< further folders of the host to be seen, read-only
    bool operator==(const Options &) const = default;
};

/// The error is one sentence. At most 24 ports: each takes two of the 64 descriptors that the guard takes.
std::expected<Options, std::string> readOptions(std::span<const char *const> arguments);

inline constexpr std::size_t maxPorts = 24;

} // namespace danube::sandbox
