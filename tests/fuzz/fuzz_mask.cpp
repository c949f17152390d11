// SPDX-License-Identifier: GPL-3.0-or-later
// Masking a stream cut anywhere equals masking the whole text byte by byte, as the words say.
#include "server/logs/maskstream.h"
#include "tests/support/maskoracle.h"

using namespace danube::logs;

/// Input: patterns, each ended by a newline, an empty one ends them; a byte that seeds the cuts; the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView rest(data, static_cast<qsizetype>(size));
    QList<QByteArray> patterns;
    for (qsizetype end = rest.indexOf('\n'); end > 0 && patterns.size() < 16; end = rest.indexOf('\n')) {
        if (end >= 4)
            patterns.append(rest.first(end).toByteArray());
        rest = rest.sliced(end + 1);
    }
    if (rest.isEmpty() || patterns.isEmpty())
        return 0;
    unsigned cut = static_cast<unsigned char>(rest[0]) | 1U;
    rest = rest.sliced(1);
    const MaskAutomaton automaton(patterns);
    MaskStream stream;
    QByteArray output;
    int crashes = 8;
    for (qsizetype at = 0; at < rest.size();) {
        cut = cut * 1664525U + 1013904223U;
        const auto length = std::min<qsizetype>(rest.size() - at, 1 + (cut >> 24) % 61);
        stream.feed(automaton, rest.sliced(at, length), output);
        at += length;
        if ((cut >> 16) % 5 == 0 && crashes-- > 0) { // forget all but the decided place
            at -= stream.heldBack();
            stream = MaskStream(stream.maskedAhead(), stream.endsMasked());
        }
    }
    stream.finish(output);
    if (output != danube::tests::maskedNaively(rest, patterns))
        abort();
    return 0;
}
