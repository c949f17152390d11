// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/model/lifecycle.h"

#include <QJsonObject>
#include <QMap>

#include <optional>

namespace danube {

/// One row of the job table, also its REST form. A retry is a new job with `retryOf` set and attempt + 1.
struct Job
{
    JobId id;
    int64_t number = 0; ///< counts from 1 per master, given by the store; what people say: "#17"
    QString pipeline;
    JobState state = JobState::Pending;
    QString reason;      ///< why it ended so, or what it waits for; one sentence for people
    QString repository;  ///< URL as configured, without credentials
    QString ref;         ///< what was asked for: branch, tag or commit; empty = the default branch
    QString branch;      ///< when the ref is one
    QString commit;      ///< resolved 40 hex digits; empty while unresolved
    QString triggerType; ///< api, retry, cron; later webhook
    QString triggeredBy; ///< principal's name
    QString triggerRef; ///< which event of the trigger, for people: "30 4 * * *, due 2026-01-31T04:30:00.000Z"; a retry
                        ///< keeps it
    QString triggerKey; ///< of that event, never used twice; empty = started by people. Never leaves the master
    QMap<QString, QString> params;
    JobId retryOf;
    int attempt = 1;
    WallTime createdAt{};
    WallTime startedAt{}; ///< coordinator confirmed running
    WallTime finishedAt{};
    WallTime deadline{};             ///< set when scheduling begins; the job is killed then
    QString message;                 ///< last report-status message
    double progress = -1;            ///< 0..1, negative = never reported
    bool cancelRequested = false;    ///< durable intent: a crash must not forget it
    std::optional<JobState> verdict; ///< the decided end, durable before the job is torn down, so that a crash cannot
                                     ///< flip it; `state` follows when the containers are gone. Never leaves the master
    bool operator==(const Job &) const = default;
};

QJsonObject toJson(const Job &job);
Job jobFromJson(const QJsonObject &object); ///< inverse of toJson; missing members keep their defaults

} // namespace danube

Q_DECLARE_METATYPE(danube::Job)
