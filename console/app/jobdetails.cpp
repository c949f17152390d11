// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobdetails.h"

#include "console/models/words.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("JobDetails", text);
}

void add(QList<Detail> &details, const char *label, const QString &text)
{
    if (!text.isEmpty())
        details.append({say(label), text});
}

/// The levels of GET /jobs/{id}; a word of a newer master is shown as it is.
QString guardWord(const QString &level)
{
    if (level == "enforced"_L1)
        return say(QT_TRANSLATE_NOOP("JobDetails", "enforced: only what the allowlist names"));
    if (level == "declared"_L1)
        return say(QT_TRANSLATE_NOOP("JobDetails", "declared: the allowlist is not shown to hold"));
    return level == "none"_L1 ? say(QT_TRANSLATE_NOOP("JobDetails", "none: nothing guards what it reaches")) : level;
}

} // namespace

QList<Detail> jobDetails(const Job &job, const QString &master, WallTime now, const std::optional<JobEgress> &egress)
{
    QList<Detail> details;
    details.append({job.number > 0 ? u"#%1 %2"_s.arg(job.number).arg(job.pipeline) : job.id.value(), {}});
    add(details, QT_TRANSLATE_NOOP("JobDetails", "State"), stateWord(job.state));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Reason"), job.reason);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Message"), job.message);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Master"), master);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Id"), job.id.value());
    if (egress) {
        details.append({say(QT_TRANSLATE_NOOP("JobDetails", "Egress")), {}});
        add(details, QT_TRANSLATE_NOOP("JobDetails", "Guard"), guardWord(egress->level));
        add(details, QT_TRANSLATE_NOOP("JobDetails", "Why"), egress->reason);
    }
    details.append({say(QT_TRANSLATE_NOOP("JobDetails", "Source")), {}});
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Repository"), job.repository);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Branch"), job.branch.isEmpty() ? job.ref : job.branch);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Commit"), job.commit.left(12));
    details.append({say(QT_TRANSLATE_NOOP("JobDetails", "Trigger")), {}});
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Kind"), job.triggerType);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "By"), job.triggeredBy);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Event"), job.triggerRef);
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Attempt"), QString::number(job.attempt));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Retry of"), job.retryOf.value());
    details.append({say(QT_TRANSLATE_NOOP("JobDetails", "Times")), {}});
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Created"), timeText(job.createdAt, now));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Started"), timeText(job.startedAt, now));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Finished"), timeText(job.finishedAt, now));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Waited"), durationText(queueTime(job, now)));
    add(details, QT_TRANSLATE_NOOP("JobDetails", "Ran"), durationText(runTime(job, now)));
    if (!job.params.isEmpty())
        details.append({say(QT_TRANSLATE_NOOP("JobDetails", "Parameters")), {}});
    for (const auto &[name, value] : job.params.asKeyValueRange())
        details.append({name, value.isEmpty() ? say(QT_TRANSLATE_NOOP("JobDetails", "(empty)")) : value});
    return details;
}

} // namespace danube::console
