// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/seats.h"

namespace danube::http {
namespace {

constexpr seconds stalled{5}; // less may be a pause of the network

const Seat *longest(Seat::State state, std::span<const Seat> seats)
{
    const Seat *found = nullptr;
    for (const Seat &each : seats) {
        if (each.state == state && (!found || each.since < found->since))
            found = &each;
    }
    return found;
}

} // namespace

std::optional<quint64> longestIn(Seat::State state, std::span<const Seat> seats)
{
    const Seat *found = longest(state, seats);
    return found ? std::optional(found->id) : std::nullopt;
}

std::optional<quint64> dispensable(std::span<const Seat> seats, SteadyTime now)
{
    for (const auto state : {Seat::State::Head, Seat::State::Body}) {
        if (const auto found = longestIn(state, seats))
            return found;
    }
    const Seat *taking = longest(Seat::State::Taking, seats);
    return taking && now - taking->since >= stalled ? std::optional(taking->id) : std::nullopt;
}

} // namespace danube::http
