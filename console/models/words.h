// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/model/job.h"
#include "shared/model/step.h"

#include <QString>

namespace danube::console {

// What models, lists and headers say about the same things, in one place and through tr().

QString stateWord(JobState state);
QString stateWord(const Step &step); ///< "Running", "Succeeded", "Failed", "Timed out", ...
QString
durationText(milliseconds duration); ///< "34 ms", "0.4 s", "12 s", "2 min 05 s", "1 h 02 min"; empty when negative
QString timeText(WallTime time, WallTime now); ///< today "14:02:11", else with the date; empty for zero
QString
outcomeText(const StepOutcome &outcome); ///< as the model's describe(), for people: "exit code 3", "cancelled", ...
QString shortCommit(const QString &commit);
/// From start to end, or to now while it runs; negative when it has not started.
milliseconds runTime(const Job &job, WallTime now);
milliseconds runTime(const Step &step, WallTime now);
int pluralCount(int64_t count); ///< for tr("%n ..."): what an int does not hold has the same plural as the largest one
milliseconds queueTime(const Job &job, WallTime now); ///< from creation to start (or end, or now)

} // namespace danube::console
