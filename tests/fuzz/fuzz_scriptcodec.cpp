// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/scriptcodec.h"

using namespace danube::coordinator;

/// The bytes in one piece and byte by byte must mean the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    ScriptCodec whole;
    const auto expected = whole.feed(bytes);
    ScriptCodec pieces;
    std::vector<ScriptCall> calls;
    for (const char byte : bytes) {
        const auto more = pieces.feed(QByteArrayView(&byte, 1));
        if (!more) {
            if (expected)
                __builtin_trap();
            return 0;
        }
        calls.insert(calls.end(), more->begin(), more->end());
    }
    if (!expected || *expected != calls)
        __builtin_trap();
    for (const ScriptCall &call : calls)
        (void)answerFrame(call.id, call.arguments);
    return 0;
}
