// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/query.h"

#include <array>

using namespace Qt::StringLiterals;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static constexpr std::array known{"name"_L1, "offset"_L1};
    const auto values = danube::rpc::parseQuery(QByteArrayView(data, static_cast<qsizetype>(size)), known);
    if (values && values->size() > 2)
        __builtin_trap();
    return 0;
}
