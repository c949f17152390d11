// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/nametable.h"

#include <algorithm>

namespace danube::guard {
namespace {

constexpr uint32_t base4 = 198U << 24 | 18U << 16;
constexpr uint32_t count4 = 1U << 17; // of a /15
constexpr std::array<uint8_t, 8> prefix6{0x01};

IpAddress sixOf(uint32_t number)
{
    std::array<uint8_t, 16> bytes{};
    std::ranges::copy(prefix6, bytes.begin());
    for (size_t i = 0; i < 4; ++i)
        bytes[15 - i] = static_cast<uint8_t>(number >> (8 * i));
    return IpAddress::v6(bytes);
}

/// 0 = none of ours.
uint32_t numberOf(const IpAddress &address)
{
    if (!address.isV6)
        return NameTable::isSynthetic(address) ? address.asV4() - base4 : 0;
    uint32_t number = 0;
    for (size_t i = 12; i < 16; ++i)
        number = number << 8 | address.bytes[i];
    return sixOf(number) == address ? number : 0;
}

} // namespace

std::optional<NameTable::Addresses> NameTable::addressesOf(const std::string &name)
{
    auto found = m_numbers.find(name);
    if (found == m_numbers.end()) {
        if (m_names.size() >= std::min<size_t>(m_limit, count4 - 2)) // neither the first nor the last of the range
            return std::nullopt;
        found = m_numbers.emplace(name, static_cast<uint32_t>(m_names.size() + 1)).first;
        m_names.push_back(&found->first);
    }
    return Addresses{IpAddress::v4(base4 + found->second), sixOf(found->second)};
}

const std::string *NameTable::nameOf(const IpAddress &address) const
{
    const uint32_t number = numberOf(address);
    return number == 0 || number > m_names.size() ? nullptr : m_names[number - 1];
}

bool NameTable::isSynthetic(const IpAddress &address)
{
    if (!address.isV6)
        return (address.asV4() ^ base4) < count4;
    return std::equal(prefix6.begin(), prefix6.end(), address.bytes.begin());
}

} // namespace danube::guard
