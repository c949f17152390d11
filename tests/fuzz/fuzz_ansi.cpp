// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/ansi.h"
#include "console/models/plaintext.h"

using namespace danube::console;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    AnsiStyle fromEnd;
    advanceStyle(bytes, fromEnd);
    AnsiStyle walked;
    for (qsizetype i = 0; i < bytes.size();) {
        if (bytes[i] != ansiEscape) {
            ++i;
            continue;
        }
        const AnsiSequence sequence = readAnsiSequence(bytes.sliced(i));
        if (sequence.length < 1 || sequence.length > bytes.size() - i)
            __builtin_trap();
        if (sequence.kind == AnsiSequence::Kind::Sgr)
            applySgr(sequence.parameters, walked);
        i += sequence.length;
    }
    if (fromEnd != walked)
        __builtin_trap();
    const AnsiLine line = renderAnsiLine(bytes, {}, 256);
    if (line.text.contains(QChar(u'\x1b')) || line.cursor < 0 || line.cursor > line.text.size())
        __builtin_trap();
    const PlainText plain(bytes);
    if (plain.text().contains(ansiEscape))
        __builtin_trap();
    return 0;
}
