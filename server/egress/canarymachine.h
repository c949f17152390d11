// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/canarypod.h"

#include <variant>

namespace danube::egress::canary {

/// One try of the canary: pure, the shell (Canary) acts. Events that do not fit a state are late and change nothing.
enum class State {
    Idle,
    Creating, ///< the Pod is asked for
    Running,  ///< it is there, its end is waited for
};

struct Begin
{};
struct Created
{};
struct Refused ///< the Pod could not be made
{
    QString why;
};
struct Ended
{
    CanaryEnd end;
};
struct Vanished ///< somebody deleted the Pod
{};
struct TimedOut
{};
struct PolicyChanged ///< what it would find is of a policy that is not in force any more
{};
using Event = std::variant<Begin, Created, Refused, Ended, Vanished, TimedOut, PolicyChanged>;

struct CreatePod
{
    bool operator==(const CreatePod &) const = default;
};
struct RemovePod
{
    bool operator==(const RemovePod &) const = default;
};
struct Judge ///< what it said
{
    CanaryEnd end;
};
struct GiveUp ///< inconclusive
{
    QString why;
};
using Action = std::variant<CreatePod, RemovePod, Judge, GiveUp>;

struct Step
{
    State state = State::Idle;
    QList<Action> actions{};
};
Step next(State state, const Event &event);

} // namespace danube::egress::canary
