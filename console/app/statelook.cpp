// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/statelook.h"

#include "console/app/themecolors.h"

using namespace Qt::StringLiterals;

namespace danube::console {

QColor stateColor(const ThemeColors &colors, JobState state)
{
    switch (state) {
    case JobState::Success:
        return colors.success;
    case JobState::Failure:
        return colors.failure;
    case JobState::Timeout:
        return colors.warning;
    case JobState::Running:
    case JobState::Scheduling:
        return colors.running;
    case JobState::Pending:
    case JobState::Cancelled:
        return colors.idle;
    }
    return colors.idle;
}

QColor stateColor(const ThemeColors &colors, const Step &step)
{
    if (step.state != StepState::Finished || !step.outcome)
        return colors.running;
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return step.outcome->isSuccess() ? colors.success : colors.failure;
    case OutcomeKind::Timeout:
        return colors.warning;
    case OutcomeKind::Cancelled:
        return colors.idle;
    case OutcomeKind::Signalled:
    case OutcomeKind::Lost:
        return colors.failure;
    }
    return colors.failure;
}

QColor stateColor(const ThemeColors &colors, ConnectionState state)
{
    switch (state) {
    case ConnectionState::Live:
        return colors.success;
    case ConnectionState::Connecting:
    case ConnectionState::CatchingUp:
        return colors.running;
    case ConnectionState::Stale:
        return colors.warning;
    case ConnectionState::Offline:
    case ConnectionState::SignInNeeded:
        return colors.failure;
    }
    return colors.failure;
}

QString stateIcon(JobState state)
{
    switch (state) {
    case JobState::Pending:
        return u"state-queued"_s;
    case JobState::Scheduling:
        return u"state-starting"_s;
    case JobState::Running:
        return u"state-running"_s;
    case JobState::Success:
        return u"state-success"_s;
    case JobState::Failure:
        return u"state-failure"_s;
    case JobState::Timeout:
        return u"state-timeout"_s;
    case JobState::Cancelled:
        return u"state-cancelled"_s;
    }
    return u"state-lost"_s;
}

QString stateIcon(const Step &step)
{
    if (step.state == StepState::Intended)
        return stateIcon(JobState::Scheduling);
    if (step.state == StepState::Running)
        return stateIcon(JobState::Running);
    if (!step.outcome || step.outcome->kind == OutcomeKind::Lost)
        return u"state-lost"_s;
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return stateIcon(step.outcome->isSuccess() ? JobState::Success : JobState::Failure);
    case OutcomeKind::Timeout:
        return stateIcon(JobState::Timeout);
    case OutcomeKind::Cancelled:
        return stateIcon(JobState::Cancelled);
    case OutcomeKind::Signalled:
    case OutcomeKind::Lost:
        break;
    }
    return stateIcon(JobState::Failure);
}

} // namespace danube::console
