// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/job.h"

#include <QTime>

namespace danube::console {

/// What the operator wants to be told about while looking elsewhere.
struct NotificationRules
{
    bool myJobs = true;       ///< one I started has ended
    bool watchedJobs = true;  ///< one I watch has changed its state
    bool failures = false;    ///< any job has failed
    bool signInNeeded = true; ///< a master takes my token no more
    bool quiet = false;       ///< nothing between quietFrom and quietTo, which may lie on the next day
    QTime quietFrom{22, 0};
    QTime quietTo{7, 0};
    bool operator==(const NotificationRules &) const = default;
};

/// A job that moved from one state to another.
struct JobMove
{
    JobState from = JobState::Pending;
    Job job;
    bool mine = false;
    bool watched = false;
};

bool isQuiet(const NotificationRules &rules, QTime now);
bool wants(const NotificationRules &rules, const JobMove &move); ///< whatever the time
/// "#17 web failed: step 2 …"
QString notificationText(const JobMove &move);

} // namespace danube::console
