// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <system_error>

namespace danube::cell {

/// One sentence about what could not be done; goes to --report as it is.
using Failure = std::string;
template <class T> using Result = std::expected<T, Failure>;

[[nodiscard]] inline std::unexpected<Failure> failed(const std::string &attempt, int number = errno)
{
    std::string reason = std::generic_category().message(number);
    if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z')
        reason[0] = static_cast<char>(reason[0] - 'A' + 'a'); // as Go's runtimes write it
    return std::unexpected(attempt + ": " + reason);
}

} // namespace danube::cell
