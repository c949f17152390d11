// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/job.h"

namespace danube::console {

/// How a job stands to the person at the console; a job does not say it itself.
struct JobStanding
{
    bool mine = false;
    bool watched = false;
    bool operator==(const JobStanding &) const = default;
};

/// The filter line of the job table: words and typed tokens, all of which must hold.
///   state:failed   branch:main   pipeline:web   trigger:api   commit:3f2   since:2h   is:mine   is:watched
///   any other word: anywhere
struct JobQuery
{
    struct Problem
    {
        qsizetype start = 0; ///< of the token in the line
        qsizetype length = 0;
        QString message;
        bool operator==(const Problem &) const = default;
    };
    QList<JobState> states; ///< one of them; empty = any
    QString branch;         ///< the texts match a part, letter case ignored
    QString pipeline;
    QString trigger;
    QString commit;
    milliseconds since{0}; ///< created at most so long ago; 0 = any time
    bool mine = false;     ///< only those that I started
    bool watched = false;  ///< only those that I watch
    QStringList words;
    QList<Problem> problems; ///< tokens that say nothing; they do not filter

    static JobQuery parse(const QString &line);
    bool matches(const Job &job, WallTime now, JobStanding standing = {}) const;
    bool operator==(const JobQuery &) const = default;
};

} // namespace danube::console
