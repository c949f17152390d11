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

QList<Excess> judgeWorkspaces(const QMap<JobId, Taken> &jobs, const Quotas &quotas)
{
    QList<Excess> found;
    for (auto it = jobs.begin(); it != jobs.end(); ++it) {
        if (const auto reason = beyondOwn(it->workspace, quotas))
            found.append({it.key(), *reason});
    }
    return found;
}

std::optional<Excess> judgeReserve(const QMap<JobId, Taken> &jobs, const Volume &volume, const Quotas &quotas)
{
    if (quotas.reserve.isKept(volume) || jobs.isEmpty())
        return std::nullopt;
    const auto largest = std::max_element(jobs.begin(), jobs.end(), [](const Taken &a, const Taken &b) {
        return std::pair(a.bytes(), a.workspace.files) < std::pair(b.bytes(), b.workspace.files);
    });
    if (largest->bytes() < smallestCulprit)
        return std::nullopt;
    const bool isForLog = largest->isLogGrowing && largest->logBytes > largest->workspace.bytes;
    const QString what =
        isForLog ? u"log takes most: %1"_s.arg(toText(ByteCount(largest->logBytes)))
                 : u"workspace takes most: %1 in %2 files"_s.arg(toText(ByteCount(largest->workspace.bytes)))
                       .arg(largest->workspace.files);
    return Excess{
        largest.key(),
        u"the master's data volume has less than its reserve of %1 free (quota.free_reserve), and this job's "_s.arg(
            toText(ByteCount(quotas.reserve.of(volume)))) +
            what,
        isForLog};
}

} // namespace danube::quota
