// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <system_error>

namespace danube::agent {

/// What the operating system refused.
struct SystemError
{
    std::string attempt; ///< "create a spool segment"
    int number = 0;      ///< errno
    std::string text() const { return attempt + ": " + std::generic_category().message(number); }
};

template <class T> using SystemResult = std::expected<T, SystemError>;

[[nodiscard]] inline std::unexpected<SystemError> refused(std::string attempt, int number = errno)
{
    return std::unexpected(SystemError{std::move(attempt), number});
}

} // namespace danube::agent
