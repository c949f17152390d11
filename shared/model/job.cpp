// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/job.h"

using namespace Qt::StringLiterals;

namespace danube {

QJsonObject toJson(const Job &job)
{
    QJsonObject object{{u"id"_s, job.id.value()},
                       {u"number"_s, static_cast<qint64>(job.number)},
                       {u"pipeline"_s, job.pipeline},
                       {u"state"_s, toText(job.state)},
                       {u"reason"_s, job.reason},
                       {u"repository"_s, job.repository},
                       {u"ref"_s, job.ref},
                       {u"branch"_s, job.branch},
                       {u"commit"_s, job.commit},
                       {u"trigger"_s, job.triggerType},
                       {u"triggered_by"_s, job.triggeredBy},
                       {u"attempt"_s, job.attempt},
                       {u"created_at"_s, toRfc3339(job.createdAt)},
                       {u"started_at"_s, toRfc3339(job.startedAt)},
                       {u"finished_at"_s, toRfc3339(job.finishedAt)},
                       {u"deadline"_s, toRfc3339(job.deadline)},
                       {u"message"_s, job.message},
                       {u"cancel_requested"_s, job.cancelRequested}};
    if (!job.retryOf.isEmpty())
        object.insert(u"retry_of"_s, job.retryOf.value());
    if (!job.triggerRef.isEmpty())
        object.insert(u"trigger_ref"_s, job.triggerRef);
    if (job.progress >= 0)
        object.insert(u"progress"_s, job.progress);
    QJsonObject params;
    for (auto it = job.params.begin(); it != job.params.end(); ++it)
        params.insert(it.key(), it.value());
    object.insert(u"params"_s, params);
    return object;
}

Job jobFromJson(const QJsonObject &object)
{
    const auto text = [&object](QLatin1StringView key) { return object.value(key).toString(); };
    Job job;
    job.id = JobId(text("id"_L1));
    job.number = object.value("number"_L1).toInteger();
    job.pipeline = text("pipeline"_L1);
    job.state = jobStateFromText(text("state"_L1)).value_or(JobState::Pending);
    job.reason = text("reason"_L1);
    job.repository = text("repository"_L1);
    job.ref = text("ref"_L1);
    job.branch = text("branch"_L1);
    job.commit = text("commit"_L1);
    job.triggerType = text("trigger"_L1);
    job.triggeredBy = text("triggered_by"_L1);
    job.triggerRef = text("trigger_ref"_L1);
    job.retryOf = JobId(text("retry_of"_L1));
    job.attempt = object.value("attempt"_L1).toInt(1);
    job.createdAt = fromRfc3339(text("created_at"_L1));
    job.startedAt = fromRfc3339(text("started_at"_L1));
    job.finishedAt = fromRfc3339(text("finished_at"_L1));
    job.deadline = fromRfc3339(text("deadline"_L1));
    job.message = text("message"_L1);
    job.progress = object.value("progress"_L1).toDouble(-1);
    job.cancelRequested = object.value("cancel_requested"_L1).toBool();
    const QJsonObject params = object.value("params"_L1).toObject();
    for (auto it = params.begin(); it != params.end(); ++it)
        job.params.insert(it.key(), it->toString());
    return job;
}

} // namespace danube
