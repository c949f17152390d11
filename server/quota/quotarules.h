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

/// A job that must end, and the sentence that its log and its user get.
struct Excess
{
    JobId job;
    QString reason;
    bool isForReserve = false; ///< beyond no quota of its own
    bool operator==(const Excess &) const = default;
};

std::optional<Excess> judgeLog(const JobId &job, qint64 bytes, const Quotas &quotas);
/// Pure. Jobs beyond a quota of their own; and, when the volume has less free than its reserve, the one that takes most
/// of it, so that the others go on. One of less than 1 MiB is never that one: it is not what fills the volume.
QList<Excess> judgeWorkspaces(const QMap<JobId, TreeSize> &sizes, const Volume &volume, const Quotas &quotas);

} // namespace danube::quota
