// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/refusal.h"

#include <nghttp2/nghttp2.h>

namespace danube::rpc {

const char *toText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::Flood:
        return "flood";
    case Refusal::Protocol:
        return "protocol";
    case Refusal::NotHttp2:
        return "not_http2";
    case Refusal::NoPreface:
        return "no_preface";
    case Refusal::Silent:
        return "silent";
    case Refusal::Stalled:
        return "stalled";
    case Refusal::MadeRoom:
        return "made_room";
    case Refusal::TooManyStreams:
        return "too_many_streams";
    case Refusal::MalformedCall:
        return "malformed_call";
    case Refusal::StalledAnswer:
        return "stalled_answer";
    case Refusal::UnknownToken:
        return "unknown_token";
    case Refusal::SlowBody:
        return "slow_body";
    case Refusal::LargeBody:
        return "large_body";
    case Refusal::LargeHead:
        return "large_head";
    case Refusal::Unavailable:
        return "unavailable";
    }
    return "";
}

std::optional<Refusal> refusalOfStatus(int status)
{
    switch (status) {
    case 401:
        return Refusal::UnknownToken;
    case 408:
        return Refusal::SlowBody;
    case 413:
        return Refusal::LargeBody;
    case 431:
        return Refusal::LargeHead;
    case 503:
        return Refusal::Unavailable;
    default:
        return std::nullopt;
    }
}

std::optional<Refusal> refusalOfGoaway(unsigned errorCode)
{
    switch (errorCode) {
    case NGHTTP2_NO_ERROR:
        return std::nullopt;
    case NGHTTP2_ENHANCE_YOUR_CALM:
        return Refusal::Flood;
    default:
        return Refusal::Protocol;
    }
}

std::optional<Refusal> refusalOfReset(unsigned errorCode)
{
    switch (errorCode) {
    case NGHTTP2_NO_ERROR: // a body that is no longer wanted
    case NGHTTP2_CANCEL:   // who cancels says why
    case NGHTTP2_INTERNAL_ERROR:
        return std::nullopt;
    case NGHTTP2_REFUSED_STREAM:
        return Refusal::TooManyStreams;
    default:
        return Refusal::MalformedCall;
    }
}

} // namespace danube::rpc
