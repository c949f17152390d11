// SPDX-License-Identifier: GPL-3.0-or-later
// A console's cache of a log whose file of runs holds any bytes: runs are in order and cover what is kept, and the
// index of it is the same in one piece and in two.
#include "console/models/logindex.h"
#include "console/models/logstore.h"
#include "tests/fuzz/writefile.h"

#include <QTemporaryDir>

using namespace danube::console;

namespace {

void checkIndex(const LogSnapshot &seen)
{
    int64_t covered = 0;
    seen.runs.visit(0, seen.size, [&covered](int64_t begin, int64_t end, const LogSource &) {
        require(begin == covered && end >= begin);
        covered = end;
    });
    require(covered == seen.size);
    LogIndex whole;
    whole.append(LogIndex::scan(seen.bytes(), seen.size, whole.position(), seen.runs));
    LogIndex pieces;
    pieces.append(LogIndex::scan(seen.bytes(), seen.size / 2, pieces.position(), seen.runs));
    pieces.append(LogIndex::scan(seen.bytes(), seen.size, pieces.position(), seen.runs));
    require(whole.lineCount() == pieces.lineCount() && whole.longestLine() == pieces.longestLine());
    for (int64_t line = 0; line < whole.lineCount(); ++line)
        require(whole.line(seen.bytes(), line) == pieces.line(seen.bytes(), line));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const QTemporaryDir directory;
    if (size < 2)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 2), static_cast<qsizetype>(size - 2));
    const QString path = directory.filePath(QStringLiteral("log"));
    // The log is short lines with colours, and a rest that is none; the second byte says whether the header is right.
    writeFile(path, QByteArray("a\x1b[31mb\n").repeated(data[0]) + "rest");
    const QByteArray header = (data[1] & 1) != 0 ? QByteArray("DLR1\7\0\0\0", 8) : QByteArray();
    writeFile(path + QStringLiteral(".runs"), header + bytes.toByteArray());
    const auto store = LogStore::openCache(path);
    require(store.has_value());
    const auto seen = (*store)->snapshot();
    require(seen.has_value() && seen->size == (*store)->size());
    checkIndex(*seen);
    require((*store)->append("x\n", {}).has_value());
    return 0;
}
