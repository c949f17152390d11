// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/addressrules.h"

namespace danube::guard {
namespace {

struct Range4
{
    uint32_t base;
    int length;
    AddressKind kind;
};
constexpr uint32_t quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return a << 24 | b << 16 | c << 8 | d;
}
/// The first that contains the address counts.
constexpr std::array ranges4{
    Range4{quad(169, 254, 169, 254), 32, AddressKind::Metadata}, // AWS, Azure, GCP and others
    Range4{quad(169, 254, 170, 2), 32, AddressKind::Metadata},   // ECS
    Range4{quad(100, 100, 100, 200), 32, AddressKind::Metadata}, // Alibaba
    Range4{quad(192, 0, 0, 192), 32, AddressKind::Metadata},     // Oracle
    Range4{quad(0, 0, 0, 0), 8, AddressKind::Special},           // "this host": Linux connects it to loopback
    Range4{quad(10, 0, 0, 0), 8, AddressKind::Private},          Range4{quad(100, 64, 0, 0), 10, AddressKind::Private},
    Range4{quad(127, 0, 0, 0), 8, AddressKind::Loopback},        Range4{quad(169, 254, 0, 0), 16, AddressKind::Special},
    Range4{quad(172, 16, 0, 0), 12, AddressKind::Private},       Range4{quad(192, 0, 0, 0), 24, AddressKind::Special},
    Range4{quad(192, 0, 2, 0), 24, AddressKind::Private},        Range4{quad(192, 88, 99, 0), 24, AddressKind::Special},
    Range4{quad(192, 168, 0, 0), 16, AddressKind::Private},      Range4{quad(198, 18, 0, 0), 15, AddressKind::Private},
    Range4{quad(198, 51, 100, 0), 24, AddressKind::Private},     Range4{quad(203, 0, 113, 0), 24, AddressKind::Private},
    Range4{quad(224, 0, 0, 0), 3, AddressKind::Special}, // multicast, reserved, broadcast
};

AddressKind kindOf4(uint32_t address)
{
    for (const Range4 &range : ranges4) {
        if ((address ^ range.base) >> (32 - range.length) == 0)
            return range.kind;
    }
    return AddressKind::Public;
}

/// As Range4, of the first 64 bits.
struct Range6
{
    uint64_t base;
    int length;
    AddressKind kind;
};
constexpr std::array ranges6{
    Range6{0xfc00'0000'0000'0000, 7, AddressKind::Private},
    Range6{0x2001'0db8'0000'0000, 32, AddressKind::Private}, // documentation
    Range6{0x3fff'0000'0000'0000, 20, AddressKind::Private}, // documentation
    Range6{0x2001'0000'0000'0000, 23, AddressKind::Special}, // protocol assignments: Teredo, ORCHID, benchmarking
    Range6{0x2002'0000'0000'0000, 16, AddressKind::Special}, // 6to4
    Range6{0x2000'0000'0000'0000, 3, AddressKind::Public},   // global unicast; nothing outside of it is
};

uint64_t bitsOf(const IpAddress &address, size_t from)
{
    uint64_t bits = 0;
    for (size_t i = from; i < from + 8; ++i)
        bits = bits << 8 | address.bytes[i];
    return bits;
}

AddressKind kindOf6(const IpAddress &address)
{
    const uint64_t high = bitsOf(address, 0);
    const uint64_t low = bitsOf(address, 8);
    if (high == 0 && low == 1)
        return AddressKind::Loopback;
    if (high == 0xfd00'0ec2'0000'0000 && low == 0x254)
        return AddressKind::Metadata;
    if (high == 0x0064'ff9b'0000'0000 && low >> 32 == 0) // RFC 6052
        return kindOf4(static_cast<uint32_t>(low));
    for (const Range6 &range : ranges6) {
        if ((high ^ range.base) >> (64 - range.length) == 0)
            return range.kind;
    }
    return AddressKind::Special;
}

} // namespace

std::string_view addressKindName(AddressKind kind)
{
    switch (kind) {
    case AddressKind::Public:
        return "public";
    case AddressKind::Private:
        return "private";
    case AddressKind::Loopback:
        return "loopback";
    case AddressKind::Metadata:
        return "metadata";
    case AddressKind::Special:
        break;
    }
    return "special";
}

AddressKind addressKind(const IpAddress &address)
{
    return address.isV6 ? kindOf6(address) : kindOf4(address.asV4());
}

bool isReachable(const IpAddress &address, bool mayBePrivate)
{
    const AddressKind kind = addressKind(address);
    const bool isInside = kind == AddressKind::Private || kind == AddressKind::Loopback;
    return kind == AddressKind::Public || (mayBePrivate && isInside);
}

} // namespace danube::guard
