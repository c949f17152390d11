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

/// What a running job takes of the data volume, and what of that grew since the last look.
struct Taken
{
    TreeSize workspace; ///< of a job on this machine
    qint64 logBytes = 0;
    bool isWorkspaceGrowing = false;
    bool isLogGrowing = false;

    /// A log that has stopped growing is what its job was for; it stays whether the job ends or not.
    qint64 bytes() const { return workspace.bytes + (isLogGrowing ? logBytes : 0); }
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
/// Pure. When the volume has less free than its reserve, the job that takes most of it, so that the others go on. One
/// of less than 1 MiB is never that one: it is not what fills the volume.
std::optional<Excess> judgeReserve(const QMap<JobId, Taken> &jobs, const Volume &volume, const Quotas &quotas);

} // namespace danube::quota
