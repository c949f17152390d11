// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/treesize.h"

#include <QFile>

#include <fts.h>
#include <memory>
#include <sys/stat.h>

namespace danube::quota {

TreeSize measureTree(const QString &path, const TreeSize &enough, const std::atomic<bool> &stop)
{
    constexpr qint64 blockSize = 512; // of st_blocks, always
    QByteArray name = QFile::encodeName(path);
    char *const roots[] = {name.data(), nullptr};
    const std::unique_ptr<FTS, int (*)(FTS *)> tree(fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, nullptr),
                                                    fts_close);
    TreeSize size;
    while (const FTSENT *entry = tree ? fts_read(tree.get()) : nullptr) {
        if (stop.load() || size.bytes > enough.bytes || size.files > enough.files)
            break;
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR || !entry->fts_statp)
            continue;
        size.bytes += static_cast<qint64>(entry->fts_statp->st_blocks) * blockSize;
        ++size.files;
    }
    return size;
}

} // namespace danube::quota
