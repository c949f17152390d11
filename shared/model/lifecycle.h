// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <span>

namespace danube {

/// pending → scheduling → running → one of the four ends. The whole truth is the table in lifecycle.cpp.
enum class JobState { Pending, Scheduling, Running, Success, Failure, Timeout, Cancelled };
inline constexpr JobState allJobStates[] = {JobState::Pending,  JobState::Scheduling, JobState::Running,
                                            JobState::Success,  JobState::Failure,    JobState::Timeout,
                                            JobState::Cancelled};

bool canMove(JobState from, JobState to); ///< staying is no move
bool isFinal(JobState state);
QString toText(JobState state); ///< lower case: the wire and store form
std::optional<JobState> jobStateFromText(QStringView text);

/// intended (row written, agent not yet told) → running → finished. A finished step has a StepOutcome.
enum class StepState { Intended, Running, Finished };
bool canMove(StepState from, StepState to);
QString toText(StepState state);
std::optional<StepState> stepStateFromText(QStringView text);

} // namespace danube

Q_DECLARE_METATYPE(danube::JobState)
