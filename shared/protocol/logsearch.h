// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/logline.h"

#include <QJsonObject>
#include <QUrlQuery>

namespace danube::protocol {

inline constexpr int defaultSearchLimit = 100;
inline constexpr int maxSearchLimit = 1000;
inline constexpr qsizetype maxSearchText = 1000; ///< characters

/// The query of GET /jobs/{id}/logs/search?q=&syntax=literal|regex&case=respect|ignore&step=&stream=&from=&limit=
struct LogSearchQuery
{
    QString text;
    bool isRegex = false; ///< PCRE2, UTF-8
    bool ignoreCase = false;
    std::optional<StepNumber> step{};
    std::optional<LogStream> stream{};
    qint64 from = 0;                ///< byte offset; lines before it are neither counted nor shown
    int limit = defaultSearchLimit; ///< lines shown, 1..maxSearchLimit
    bool operator==(const LogSearchQuery &) const = default;
};
QUrlQuery toQuery(const LogSearchQuery &query);

/// {"matches":n,"matching_lines":n,"complete":true,"searched_to":n,"next":n,"lines":[{…as in the log's stream…,
/// "ranges":[[begin,end],…]}]}. Counts are exact between `from` and searched_to; `next` is the `from` of the next page,
/// absent on the last one. Not complete: the time was over; searched_to is the `from` to go on with.
struct LogSearchAnswer
{
    struct Line
    {
        LogLine line;
        QList<std::pair<qsizetype, qsizetype>> ranges; ///< begin and end in line.bytes; at most 100
        bool operator==(const Line &) const = default;
    };
    qint64 matches = 0;
    qint64 matchingLines = 0;
    bool isComplete = true;
    qint64 searchedTo = 0;
    std::optional<qint64> next{};
    QList<Line> lines{};
    bool operator==(const LogSearchAnswer &) const = default;
};
QByteArray toJson(const LogSearchAnswer &answer);
Result<LogSearchAnswer> logSearchAnswerFromJson(const QByteArray &json);

} // namespace danube::protocol
