// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>

namespace danube::rpc {

/// Why the RPC port turned somebody away: the label "reason" of danube_rpc_refused_total.
enum class Refusal {
    Flood,          ///< connection: frames, resets or strangers' calls without end; GOAWAY ENHANCE_YOUR_CALM
    Protocol,       ///< connection: HTTP/2 broken; GOAWAY with the error that RFC 9113 names
    NotHttp2,       ///< connection: HTTP/1, TLS, anything
    NoPreface,      ///< connection: said nothing in time
    Silent,         ///< connection: no sign of life, not even for a ping
    Stalled,        ///< connection: takes nothing of what is to be written
    MadeRoom,       ///< connection: without a genuine token, or one too many of its job, when another wanted its place
    TooManyStreams, ///< stream: RST_STREAM REFUSED_STREAM
    MalformedCall,  ///< stream: RST_STREAM, HTTP broken within HTTP/2
    StalledAnswer,  ///< stream: RST_STREAM CANCEL, the answer's body is not taken
    UnknownToken,   ///< call: 401
    SlowBody,       ///< call: 408
    LargeBody,      ///< call: 413
    LargeHead,      ///< call: 431
    Unavailable,    ///< call: 503
};

constexpr std::array allRefusals{
    Refusal::Flood,        Refusal::Protocol, Refusal::NotHttp2,       Refusal::NoPreface,     Refusal::Silent,
    Refusal::Stalled,      Refusal::MadeRoom, Refusal::TooManyStreams, Refusal::MalformedCall, Refusal::StalledAnswer,
    Refusal::UnknownToken, Refusal::SlowBody, Refusal::LargeBody,      Refusal::LargeHead,     Refusal::Unavailable};

const char *toText(Refusal refusal); ///< "flood", as in the label

std::optional<Refusal> refusalOfStatus(int status); ///< nullopt: not a refusal that is counted

/// HTTP/2 error codes of frames that we send.
std::optional<Refusal> refusalOfGoaway(unsigned errorCode);
std::optional<Refusal> refusalOfReset(unsigned errorCode);

} // namespace danube::rpc
