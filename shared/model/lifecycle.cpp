// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/lifecycle.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

template <class State> struct Move
{
    State from;
    State to;
    bool operator==(const Move &) const = default;
};

constexpr std::array jobMoves{
    Move{JobState::Pending, JobState::Scheduling}, Move{JobState::Pending, JobState::Cancelled},
    Move{JobState::Pending, JobState::Failure},    Move{JobState::Pending, JobState::Timeout},
    Move{JobState::Scheduling, JobState::Running}, Move{JobState::Scheduling, JobState::Failure},
    Move{JobState::Scheduling, JobState::Timeout}, Move{JobState::Scheduling, JobState::Cancelled},
    Move{JobState::Running, JobState::Success},    Move{JobState::Running, JobState::Failure},
    Move{JobState::Running, JobState::Timeout},    Move{JobState::Running, JobState::Cancelled},
};

// A step may finish without having run: the agent could not start it, or the job ended first.
constexpr std::array stepMoves{
    Move{StepState::Intended, StepState::Running},
    Move{StepState::Intended, StepState::Finished},
    Move{StepState::Running, StepState::Finished},
};

constexpr std::array jobNames{
    std::pair{JobState::Pending, "pending"_L1},     std::pair{JobState::Scheduling, "scheduling"_L1},
    std::pair{JobState::Running, "running"_L1},     std::pair{JobState::Success, "success"_L1},
    std::pair{JobState::Failure, "failure"_L1},     std::pair{JobState::Timeout, "timeout"_L1},
    std::pair{JobState::Cancelled, "cancelled"_L1},
};

constexpr std::array stepNames{
    std::pair{StepState::Intended, "intended"_L1},
    std::pair{StepState::Running, "running"_L1},
    std::pair{StepState::Finished, "finished"_L1},
};

template <class Names, class State> QString nameOf(const Names &names, State state)
{
    return std::ranges::find(names, state, [](const auto &entry) { return entry.first; })->second;
}

template <class State, class Names> std::optional<State> stateOf(const Names &names, QStringView text)
{
    const auto found = std::ranges::find_if(names, [text](const auto &entry) { return text == entry.second; });
    return found == names.end() ? std::nullopt : std::optional<State>(found->first);
}

} // namespace

bool canMove(JobState from, JobState to)
{
    return std::ranges::contains(jobMoves, Move{from, to});
}
bool canMove(StepState from, StepState to)
{
    return std::ranges::contains(stepMoves, Move{from, to});
}

bool isFinal(JobState state)
{
    return std::ranges::none_of(jobMoves, [state](const auto &move) { return move.from == state; });
}

QString toText(JobState state)
{
    return nameOf(jobNames, state);
}
QString toText(StepState state)
{
    return nameOf(stepNames, state);
}
std::optional<JobState> jobStateFromText(QStringView text)
{
    return stateOf<JobState>(jobNames, text);
}
std::optional<StepState> stepStateFromText(QStringView text)
{
    return stateOf<StepState>(stepNames, text);
}

} // namespace danube
