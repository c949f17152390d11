// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/canarymachine.h"

using namespace Qt::StringLiterals;

namespace danube::egress::canary {
namespace {

template <class... Ts> struct Overloaded : Ts...
{
    using Ts::operator()...;
};

// A Pod that was asked for may come to be even when the answer was lost, so it is removed in either case.
Step giveUp(const QString &why)
{
    return {State::Idle, {RemovePod{}, GiveUp{why}}};
}

} // namespace

Step next(State state, const Event &event)
{
    const bool isIdle = state == State::Idle;
    const Step nothing{state, {}};
    return std::visit(
        Overloaded{
            [&](const Begin &) { return isIdle ? Step{State::Creating, {CreatePod{}}} : nothing; },
            [&](const Created &) { return state == State::Creating ? Step{State::Running, {}} : nothing; },
            [&](const Refused &refused) { return state == State::Creating ? giveUp(refused.why) : nothing; },
            // The watch may be faster than the answer to the creation.
            [&](const Ended &ended) { return isIdle ? nothing : Step{State::Idle, {RemovePod{}, Judge{ended.end}}}; },
            [&](const Vanished &) {
                return state == State::Running ? giveUp(u"the canary's pod was deleted"_s) : nothing;
            },
            [&](const TimedOut &) { return isIdle ? nothing : giveUp(u"the canary did not end in time"_s); },
            [&](const PolicyChanged &) { return isIdle ? nothing : Step{State::Idle, {RemovePod{}}}; },
        },
        event);
}

} // namespace danube::egress::canary
