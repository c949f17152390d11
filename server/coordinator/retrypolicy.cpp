// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/retrypolicy.h"

#include "shared/protocol/problem.h"

namespace danube::coordinator {
namespace {

constexpr milliseconds longestRetryAfter(30'000);

bool canBeRetried(ErrorCode code)
{
    return code == ErrorCode::Unavailable || code == ErrorCode::Timeout || code == ErrorCode::Protocol;
}

} // namespace

Verdict judge(const Result<HttpAnswer> &answer)
{
    if (!answer)
        return canBeRetried(answer.error().code) ? Verdict::Retry : Verdict::Final;
    switch (answer->status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
        return Verdict::Retry;
    default:
        return answer->status >= 200 && answer->status < 300 ? Verdict::Done : Verdict::Final;
    }
}

milliseconds waitAfter(const Result<HttpAnswer> &answer, Backoff &backoff)
{
    const auto wait = backoff.next();
    bool isNumber = false;
    const auto after = answer ? answer->retryAfter.toUInt(&isNumber) : 0;
    if (!isNumber)
        return wait;
    return std::max(wait, std::min<milliseconds>(seconds(after), longestRetryAfter));
}

Error errorOfFinal(const Result<HttpAnswer> &answer)
{
    return answer ? protocol::errorOfAnswer(answer->status, answer->body) : answer.error();
}

} // namespace danube::coordinator
