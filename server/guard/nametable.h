// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace danube::guard {

/// Gives each name an address of its own in 198.18.0.0/15 (RFC 2544: never on the internet) and in 100::/64 (RFC 6666),
/// so that the address of a connection says which name was looked up. Never taken back: a program may keep an address
/// for as long as the job runs. Pure.
class NameTable
{
public:
    static constexpr size_t defaultLimit = 16'384;

    explicit NameTable(size_t limit = defaultLimit) : m_limit(limit) {}

    struct Addresses
    {
        IpAddress v4;
        IpAddress v6;
    };
    /// `name` in canonical form. nullopt: the table is full.
    std::optional<Addresses> addressesOf(const std::string &name);
    /// The name that was given the address; nullptr: none was.
    const std::string *nameOf(const IpAddress &address) const;
    /// In one of the two ranges, given or not.
    static bool isSynthetic(const IpAddress &address);
    size_t size() const { return m_names.size(); }

private:
    size_t m_limit;
    std::vector<const std::string *> m_names; // keys of m_numbers, by number - 1
    std::unordered_map<std::string, uint32_t> m_numbers;
};

} // namespace danube::guard
