// SPDX-License-Identifier: GPL-3.0-or-later
// Three texts of any kind: a side that changed nothing changes nothing, and what is merged is still JSON.
#include "console/models/merge.h"
#include "shared/blueprint/jsonpositions.h"

#include <cstdlib>

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray all(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QList<QByteArray> parts = all.split('\0');
    const console::MergeInput input{parts.value(0), parts.value(1), parts.value(2)};
    const auto merged = console::merge(input);
    const auto isJson = [](const QByteArray &text) { return blueprint::JsonPositions::scan(text).has_value(); };
    if (isJson(input.base) && isJson(input.mine) && isJson(input.theirs) && !isJson(merged.text))
        std::abort();
    if (input.mine == input.base && merged.text != input.theirs)
        std::abort();
    return 0;
}
