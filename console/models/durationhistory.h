// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/job.h"

#include <QHash>
#include <QMetaType>

#include <map>

namespace danube::console {

/// How long one finished job ran.
struct PastDuration
{
    int64_t number = 0; ///< of the job
    milliseconds duration{0};
    JobState state = JobState::Success;
    bool operator==(const PastDuration &) const = default;
};

/// The last durations of each pipeline, for sparklines.
class DurationHistory
{
public:
    void add(const Job &job); ///< counts only once it has ended; again: replaced
    void remove(const Job &job);
    /// Of the last finished jobs of the pipeline, by number, at most `most`.
    QList<PastDuration> of(const QString &pipeline) const;

    static constexpr size_t most = 20;

private:
    QHash<QString, std::map<int64_t, PastDuration>> m_pipelines;
};

} // namespace danube::console

Q_DECLARE_METATYPE(danube::console::PastDuration)
