// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed values: any bytes instead of one, and any change of one, are refused; what was sealed opens again.
#include "server/secrets/sealing.h"

#include <cstdlib>

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Secret key(QByteArray(32, 'k'));
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (secrets::unseal(key, "a", bytes)) // nobody guesses a tag
        std::abort();
    auto sealed = secrets::seal(key, "a", Secret(bytes));
    if (!sealed)
        std::abort();
    const auto opened = secrets::unseal(key, "a", *sealed);
    if (!opened || opened->reveal() != bytes || secrets::unseal(key, "b", *sealed))
        std::abort();
    const qsizetype place = size == 0 ? 0 : data[0] * sealed->size() / 256;
    (*sealed)[place] = static_cast<char>((*sealed)[place] ^ (size > 1 && data[1] != 0 ? data[1] : 1));
    if (secrets::unseal(key, "a", *sealed) || secrets::unseal(key, "a", sealed->first(place)))
        std::abort();
    return 0;
}
