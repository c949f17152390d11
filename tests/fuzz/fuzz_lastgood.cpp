// SPDX-License-Identifier: GPL-3.0-or-later
// The kept Blueprint and the marks of a log, as files with any bytes in them: what they held, nothing, or an error.
#include "console/models/logmarks.h"
#include "server/blueprint/lastgood.h"
#include "tests/fuzz/writefile.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file"));
    writeFile(path, {reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)});
    const blueprint::LastGood kept(path, QStringLiteral("here"));
    const auto loaded = kept.load();
    const console::LogMarks marks(path);
    require(marks.offsets().size() <= console::LogMarks::mostMarks && std::ranges::is_sorted(marks.offsets()));
    if (loaded && *loaded) {
        require(kept.store(**loaded).has_value());
        const auto again = kept.load();
        require(again && *again && (*again)->commit == (*loaded)->commit && (*again)->files == (*loaded)->files);
    }
    return 0;
}
