// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/crc32c.h"

#include <array>
#include <cstring>

namespace danube::logs {
namespace {

constexpr uint32_t polynomial = 0x82f63b78;
using Tables = std::array<std::array<uint32_t, 256>, 8>;

/// tables[k][b]: the remainder of byte b followed by k zero bytes, so that eight bytes cost eight independent look-ups.
consteval Tables makeTables()
{
    Tables tables{};
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
        tables[0][byte] = crc;
    }
    for (size_t k = 1; k < tables.size(); ++k) {
        for (size_t byte = 0; byte < 256; ++byte)
            tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
    }
    return tables;
}

constexpr Tables tables = makeTables();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32cByInstruction(QByteArrayView bytes)
{
    uint64_t crc = 0xffffffff;
    const char *at = bytes.data();
    qsizetype left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word = 0;
        memcpy(&word, at, 8);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    auto rest = static_cast<uint32_t>(crc);
    for (; left > 0; --left, ++at)
        rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(*at));
    return ~rest;
}
#endif

} // namespace

uint32_t crc32cPortable(QByteArrayView bytes)
{
    uint32_t crc = 0xffffffff;
    const auto *at = reinterpret_cast<const unsigned char *>(bytes.data());
    qsizetype left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        const uint32_t low = crc ^ (at[0] | uint32_t(at[1]) << 8 | uint32_t(at[2]) << 16 | uint32_t(at[3]) << 24);
        crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^ tables[5][(low >> 16) & 0xff] ^
              tables[4][low >> 24] ^ tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^ tables[0][at[7]];
    }
    for (; left > 0; --left, ++at)
        crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xff];
    return ~crc;
}

uint32_t crc32c(QByteArrayView bytes)
{
#if defined(__x86_64__)
    static const bool hasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (hasInstruction)
        return crc32cByInstruction(bytes);
#endif
    return crc32cPortable(bytes);
}

} // namespace danube::logs
