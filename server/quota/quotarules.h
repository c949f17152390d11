// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/quota/treesize.h"
#include "server/quota/volume.h"
#include "shared/core/id.h"

#include <QList>
#include <QMap>

namespace danube::quota {

/// What one job may take, and what must stay free for all.
struct Quotas
{
    ByteCount logBytes{};
    ByteCount workspaceBytes{};
    qint64 workspaceFiles = 0;
    Reserve reserve;
};

/// How something that takes of the volume came on: less than 1 MiB fills no volume.
enum class Growth {
    Still,
    Slow, ///< by 1 MiB within the last minute or so
    Fast, ///< by 1 MiB since the last look
};

/// What a running job takes of the data volume.
struct Taken
{
    TreeSize workspace; ///< of a job on this machine
    qint64 logBytes = 0;
    Growth workspaceGrowth = Growth::Still;
    Growth logGrowth = Growth::Still;

    /// A log that has stopped growing is what its job was for; it stays whether the job ends or not.
    qint64 bytes() const { return workspace.bytes + (logGrowth != Growth::Still ? logBytes : 0); }
};

/// Why the volume may be short of room although nobody is to be told for it.
enum class Waiting {
    ForNothing,
    ForFolder, ///< a folder of a job that was told is not gone yet
    ForLog,    ///< a log of a job that was told is not compressed yet
};

/// A job that must end, and the sentence that its log and its user get.
struct Excess
{
    JobId job;
    QString reason;
    bool isForLog = false; ///< its end alone gives no room back
    bool operator==(const Excess &) const = default;
};

std::optional<Excess> judgeLog(const JobId &job, qint64 bytes, const Quotas &quotas);
/// Pure. Jobs whose workspace is beyond a quota of its own.
QList<Excess> judgeWorkspaces(const QMap<JobId, Taken> &jobs, const Quotas &quotas);
/// Pure. Whom to blame while there is room to come: who would take it meanwhile. That is who grows fast, and when half
/// of the reserve is gone all the same, also who grows slowly. What cannot be seen may grow.
QMap<JobId, Taken> blamedWhile(Waiting waiting, const QMap<JobId, Taken> &jobs, const Volume &volume,
                               const Quotas &quotas);
/// Pure. When the volume has less free than its reserve, the job that takes most of it, so that the others go on. One
/// of less than 1 MiB is never that one: it is not what fills the volume. But one that hides folders goes first: nobody
/// else can be known to take more.
std::optional<Excess> judgeReserve(const QMap<JobId, Taken> &jobs, const Volume &volume, const Quotas &quotas);

} // namespace danube::quota
