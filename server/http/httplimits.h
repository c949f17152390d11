// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/ratelimit.h"
#include "server/http/requestframer.h"

namespace danube::http {

/// Bounds of the REST ports together. What passes one is refused or cut, never queued without end.
struct HttpLimits
{
    FramerLimits framer;
    int connections = 1024;               ///< without the streams; more take the place of who keeps the master waiting
                                          ///< (seats.h), or are answered 503
    qint64 heldBytes = 32 << 20;          ///< of unfinished or unanswered requests, all connections together; above it
                                          ///< the bodies that wait for the longest are answered 503
    int streams = 8192;                   ///< SSE clients; more are answered 503
    milliseconds headTime{10'000};        ///< from the first byte (or the accept) to the end of the head, else 408
    milliseconds bodyTime{30'000};        ///< from the head to the end of the body, else 408
    milliseconds idleTime{60'000};        ///< between two requests of one connection
    milliseconds answerTime{120'000};     ///< of one answer by the engine, then the connection is cut
    milliseconds stallTime{30'000};       ///< without a byte taken by the client while we have some
    milliseconds lingerTime{2'000};       ///< for a refused client to read why
    int pipelined = 16;                   ///< requests of one connection answered in one turn of the event loop
    qsizetype inputBytes = 64 << 10;      ///< unread bytes held per connection
    qsizetype outputBytes = 256 << 10;    ///< of a streamed body held per connection
    milliseconds heartbeat{15'000};       ///< SSE comment on a silent stream
    milliseconds retry{2'000};            ///< SSE reconnect delay told to clients
    milliseconds streamStallTime{60'000}; ///< of an SSE client that takes nothing
    qint64 streamRate = 0;                ///< bytes a second to one SSE client, 0 = as fast as it takes them
    qsizetype eventRing = 4096;           ///< job and step events kept for resuming
    qsizetype eventRingBytes = 8 << 20;
    Rate requests{1000, 10'000}; ///< of one subject; more are answered 429 (docs/adr/0013)
    Rate refusals{10, 50};       ///< 401s for one peer; then 429, and the connection is closed

    /// The same where only so many descriptors may be open: at least half of them stay for the rest of the master.
    [[nodiscard]] HttpLimits within(int descriptors) const;
};

} // namespace danube::http
