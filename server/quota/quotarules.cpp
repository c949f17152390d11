// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotarules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::quota {
namespace {

constexpr qint64 smallestCulprit = 1 << 20;

std::optional<QString> beyondOwn(const TreeSize &size, const Quotas &quotas)
{
    if (size.bytes > toInt(quotas.workspaceBytes))
        return u"the job's workspace takes more than %1 (quota.workspace_bytes)"_s.arg(toText(quotas.workspaceBytes));
    if (size.files > quotas.workspaceFiles)
        return u"the job's workspace has more than %1 files (quota.workspace_files)"_s.arg(quotas.workspaceFiles);
    return std::nullopt;
}

} // namespace

std::optional<Excess> judgeLog(const JobId &job, qint64 bytes, const Quotas &quotas)
{
    if (bytes <= toInt(quotas.logBytes))
        return std::nullopt;
    return Excess{job, u"the job's log is larger than %1 (quota.log_bytes)"_s.arg(toText(quotas.logBytes))};
}

QList<Excess> judgeWorkspaces(const QMap<JobId, TreeSize> &sizes, const Volume &volume, const Quotas &quotas)
{
    QList<Excess> found;
    for (auto it = sizes.begin(); it != sizes.end(); ++it) {
        if (const auto reason = beyondOwn(*it, quotas))
            found.append({it.key(), *reason});
    }
    if (!found.isEmpty() || quotas.reserve.isKept(volume) || sizes.isEmpty())
        return found; // these give room first
    const auto largest = std::max_element(sizes.begin(), sizes.end(), [](const TreeSize &a, const TreeSize &b) {
        return std::pair(a.bytes, a.files) < std::pair(b.bytes, b.files);
    });
    if (largest->bytes >= smallestCulprit)
        found.append({largest.key(),
                      u"the master's data volume has less than its reserve of %1 free "
                      u"(quota.free_reserve), and this job's workspace takes most: %2 in %3 files"_s
                          .arg(toText(ByteCount(quotas.reserve.of(volume))), toText(ByteCount(largest->bytes)))
                          .arg(largest->files),
                      true});
    return found;
}

} // namespace danube::quota
