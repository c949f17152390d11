// SPDX-License-Identifier: GPL-3.0-or-later
// Archives are made by jobs, so by anybody: what is listed stays within the bounds, and what is listed can be read.
#include "console/models/archivelist.h"

#include <QBuffer>

using namespace danube;
using namespace danube::console;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto device = [&] {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(bytes);
        return buffer;
    };
    const ArchiveLimits limits{.entries = 500, .unpackedBytes = 4 << 20};
    const auto list = listArchive(device(), limits);
    if (!list) {
        if (list.error().message.isEmpty())
            __builtin_trap();
        return 0;
    }
    if (list->entries.size() > limits.entries)
        __builtin_trap();
    int read = 0;
    for (const ArchiveEntry &entry : list->entries) {
        if (entry.path.isEmpty() || entry.size < 0)
            __builtin_trap();
        if (entry.isFolder || !entry.linkTarget.isEmpty() || ++read > 4)
            continue;
        const auto content = readArchiveEntry(device(), entry.path, 1000, limits);
        if (content && content->size() > 1000)
            __builtin_trap();
    }
    return 0;
}
