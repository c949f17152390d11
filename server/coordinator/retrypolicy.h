// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/backoff.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>

namespace danube::coordinator {

/// A whole HTTP answer. "No answer" is an Error (Unavailable, Timeout, Protocol).
struct HttpAnswer
{
    int status = 0;
    QByteArray body;
    QByteArray retryAfter; ///< header, as sent
};

enum class Verdict {
    Done,  ///< 2xx
    Final, ///< refused for good: every 4xx but 408 and 429, and 5xx that will not heal
    Retry, ///< no answer, or 408, 429, 502, 503, 504
};

/// What an attempt means. Pure.
Verdict judge(const Result<HttpAnswer> &answer);
/// How long to wait before the next attempt: backoff with jitter, at least Retry-After (whole seconds, at most 30).
milliseconds waitAfter(const Result<HttpAnswer> &answer, Backoff &backoff);
/// The Error a final answer becomes.
Error errorOfFinal(const Result<HttpAnswer> &answer);

} // namespace danube::coordinator
