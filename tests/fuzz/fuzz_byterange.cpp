// SPDX-License-Identifier: GPL-3.0-or-later
// Range headers of strangers: a part lies within the body and is not empty.
#include "server/http/byterange.h"

#include <cstdlib>
#include <limits>

using namespace danube::http;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text = QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    for (const QByteArray &header : {text, "bytes=" + text}) {
        for (const qint64 length : {qint64(0), qint64(1), qint64(1000), std::numeric_limits<qint64>::max()}) {
            const RangeAnswer answer = answerRange(header, length);
            const ByteRange &range = answer.range;
            const bool isWithin = range.first >= 0 && range.length >= 0 && range.length <= length - range.first;
            if (!isWithin || (answer.kind == RangeAnswer::Kind::Part && range.length == 0))
                std::abort();
            if (answer.kind == RangeAnswer::Kind::Whole && range != ByteRange{0, length})
                std::abort();
        }
    }
    return 0;
}
