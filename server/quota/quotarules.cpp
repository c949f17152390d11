// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotarules.h"

#include <algorithm>
#include <tuple>

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

QString whatItTakes(const Taken &taken, bool isForLog)
{
    if (isForLog)
        return u"log takes most: %1"_s.arg(toText(ByteCount(taken.logBytes)));
    const QString seen = u"%1 in %2 files"_s.arg(toText(ByteCount(taken.workspace.bytes))).arg(taken.workspace.files);
    return taken.workspace.isPartial ? u"workspace has folders that cannot be looked into, beside %1"_s.arg(seen)
                                     : u"workspace takes most: %1"_s.arg(seen);
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

QMap<JobId, Taken> blamedWhile(Waiting waiting, const QMap<JobId, Taken> &jobs, const Volume &volume,
                               const Quotas &quotas)
{
    if (waiting == Waiting::ForNothing)
        return jobs;
    const Growth least = volume.freeBytes < quotas.reserve.of(volume) / 2 ? Growth::Slow : Growth::Fast;
    QMap<JobId, Taken> blamed;
    for (auto it = jobs.begin(); it != jobs.end(); ++it) {
        const bool isWorkspaceBlamed =
            waiting == Waiting::ForLog && (it->workspaceGrowth >= least || it->workspace.isPartial);
        if (it->logGrowth >= least || isWorkspaceBlamed)
            blamed.insert(it.key(), *it);
    }
    return blamed;
}

std::optional<Excess> judgeReserve(const QMap<JobId, Taken> &jobs, const Volume &volume, const Quotas &quotas)
{
    if (quotas.reserve.isKept(volume) || jobs.isEmpty())
        return std::nullopt;
    const auto largest = std::max_element(jobs.begin(), jobs.end(), [](const Taken &a, const Taken &b) {
        return std::tuple(a.workspace.isPartial, a.bytes(), a.workspace.files) <
               std::tuple(b.workspace.isPartial, b.bytes(), b.workspace.files);
    });
    if (largest->bytes() < smallestCulprit && !largest->workspace.isPartial)
        return std::nullopt;
    const bool isForLog = !largest->workspace.isPartial && largest->logGrowth != Growth::Still &&
                          largest->logBytes > largest->workspace.bytes;
    return Excess{
        largest.key(),
        u"the master's data volume has less than its reserve of %1 free (quota.free_reserve), and this job's "_s.arg(
            toText(ByteCount(quotas.reserve.of(volume)))) +
            whatItTakes(*largest, isForLog),
        isForLog};
}

} // namespace danube::quota
