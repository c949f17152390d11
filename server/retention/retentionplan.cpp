// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/retention/retentionplan.h"

#include <QJsonArray>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace danube::retention {
namespace {

constexpr qsizetype mostListed = 1000;

QJsonValue daysOf(const std::optional<std::chrono::days> &days)
{
    return days && days->count() > 0 ? QJsonValue(static_cast<qint64>(days->count())) : QJsonValue();
}

QJsonObject toJson(const logs::FinishedLog &log)
{
    return {{u"job_id"_s, log.job.value()}, {u"finished_at"_s, toRfc3339(log.sealedAt)}, {u"size_bytes"_s, log.bytes}};
}

template <class T> QJsonArray firstOf(const QList<T> &list)
{
    QJsonArray array;
    for (const T &each : list.first(std::min(list.size(), mostListed)))
        array.append(toJson(each));
    return array;
}

} // namespace

qint64 RetentionPlan::bytes() const
{
    const qint64 ofLogs = std::accumulate(logs.begin(), logs.end(), qint64(0),
                                          [](qint64 sum, const logs::FinishedLog &log) { return sum + log.bytes; });
    return std::accumulate(artifacts.begin(), artifacts.end(), ofLogs,
                           [](qint64 sum, const Artifact &artifact) { return sum + toInt(artifact.size); });
}

std::optional<WallTime> limitOf(const std::optional<std::chrono::days> &days, WallTime now)
{
    if (!days || days->count() <= 0)
        return std::nullopt;
    return now - *days;
}

RetentionPlan planRetention(const blueprint::Retention &rules, QList<logs::FinishedLog> logs, QList<Artifact> artifacts,
                            WallTime now)
{
    const auto logLimit = limitOf(rules.logs, now);
    const auto artifactLimit = limitOf(rules.artifacts, now);
    logs.removeIf([&](const logs::FinishedLog &log) { return !logLimit || log.sealedAt >= *logLimit; });
    artifacts.removeIf([&](const Artifact &each) { return !artifactLimit || each.createdAt >= *artifactLimit; });
    std::ranges::sort(logs, {}, [](const logs::FinishedLog &log) { return std::pair(log.sealedAt, log.job); });
    std::ranges::sort(artifacts, {}, [](const Artifact &each) { return std::pair(each.createdAt, each.id); });
    return {rules, std::move(logs), std::move(artifacts)};
}

QJsonObject toJson(const RetentionPlan &plan)
{
    return {{u"logs_days"_s, daysOf(plan.rules.logs)},
            {u"artifacts_days"_s, daysOf(plan.rules.artifacts)},
            {u"bytes"_s, plan.bytes()},
            {u"log_count"_s, plan.logs.size()},
            {u"artifact_count"_s, plan.artifacts.size()},
            {u"logs"_s, firstOf(plan.logs)},
            {u"artifacts"_s, firstOf(plan.artifacts)}};
}

} // namespace danube::retention
