// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/notification.h"

#include "console/models/words.h"

using namespace Qt::StringLiterals;

namespace danube::console {

bool isQuiet(const NotificationRules &rules, QTime now)
{
    if (!rules.quiet || rules.quietFrom == rules.quietTo)
        return false;
    if (rules.quietFrom < rules.quietTo)
        return now >= rules.quietFrom && now < rules.quietTo;
    return now >= rules.quietFrom || now < rules.quietTo;
}

bool wants(const NotificationRules &rules, const JobMove &move)
{
    if (move.from == move.job.state)
        return false;
    const bool ended = isFinal(move.job.state);
    const bool failed = move.job.state == JobState::Failure || move.job.state == JobState::Timeout;
    return (rules.watchedJobs && move.watched) || (rules.myJobs && move.mine && ended) || (rules.failures && failed);
}

QString notificationText(const JobMove &move)
{
    const Job &job = move.job;
    const QString head = u"#%1 %2: %3"_s.arg(job.number).arg(job.pipeline, stateWord(job.state));
    return job.reason.isEmpty() ? head : u"%1. %2"_s.arg(head, job.reason);
}

} // namespace danube::console
