// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logkeeper.h"
#include "shared/blueprint/documents.h"
#include "shared/model/artifact.h"

#include <QJsonObject>

namespace danube::retention {

/// What is to be removed at a moment, oldest first, and by which rules.
struct RetentionPlan
{
    blueprint::Retention rules;
    QList<logs::FinishedLog> logs;
    QList<Artifact> artifacts;
    qint64 bytes() const;
    bool isEmpty() const { return logs.isEmpty() && artifacts.isEmpty(); }
    bool operator==(const RetentionPlan &) const = default;
};

/// Created before this is over its days; nullopt = nothing ever is. A day is 24 hours.
std::optional<WallTime> limitOf(const std::optional<std::chrono::days> &days, WallTime now);

/// Pure: of all finished logs and artifacts those whose days are over. A clock that stands before what was written
/// removes nothing.
RetentionPlan planRetention(const blueprint::Retention &rules, QList<logs::FinishedLog> logs, QList<Artifact> artifacts,
                            WallTime now);

/// {"logs_days":30,"artifacts_days":null,"bytes":n,"log_count":n,"artifact_count":n,"logs":[{"job_id","finished_at",
/// "size_bytes"}],"artifacts":[{…artifact…}]}; null = for ever. Of either list the first 1000.
QJsonObject toJson(const RetentionPlan &plan);

} // namespace danube::retention
