// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QtTypes>

#include <optional>
#include <span>

namespace danube::http {

/// One connection, as far as it matters for who goes when another wants its place (docs/adr/0012).
struct Seat
{
    enum class State {
        Answered, ///< all is said; kept for the client to read it
        Head,     ///< waits for a request, or for the rest of its head
        Body,     ///< waits for the rest of a body
        Taking,   ///< the client takes an answer
        Ours,     ///< the master is at work on it
    };
    quint64 id = 0;
    State state = State::Ours;
    SteadyTime since{}; ///< begin of the state; of Taking: the last byte taken
};

/// Who goes for a newcomer: of those that wait for a request or a head the one that does so for the longest; else so of
/// the bodies; else so of those that took nothing of their answer for five seconds. Nobody who waits for the master.
std::optional<quint64> dispensable(std::span<const Seat> seats, SteadyTime now);

/// Of those in `state` the one that is so for the longest.
std::optional<quint64> longestIn(Seat::State state, std::span<const Seat> seats);

} // namespace danube::http
