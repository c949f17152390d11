// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/logsearch.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

Result<LogSearchAnswer::Line> lineFromJson(const QJsonObject &object)
{
    auto line = logLineFromJson(QJsonDocument(object).toJson(QJsonDocument::Compact));
    if (!line)
        return std::unexpected(line.error());
    LogSearchAnswer::Line found{std::move(*line), {}};
    const QJsonArray ranges = object.value("ranges"_L1).toArray();
    for (const QJsonValue value : ranges) {
        const qsizetype begin = value.toArray().at(0).toInteger(-1);
        const qsizetype end = value.toArray().at(1).toInteger(-1);
        if (begin < 0 || end < begin || end > found.line.bytes.size())
            return fail(ErrorCode::Protocol, u"log search: a range lies outside of its line"_s);
        found.ranges.append({begin, end});
    }
    return found;
}

} // namespace

QUrlQuery toQuery(const LogSearchQuery &query)
{
    QUrlQuery result;
    const auto add = [&result](const QString &name, const QString &value) {
        result.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    add(u"q"_s, query.text);
    if (query.isRegex)
        add(u"syntax"_s, u"regex"_s);
    if (query.ignoreCase)
        add(u"case"_s, u"ignore"_s);
    if (query.step)
        add(u"step"_s, QString::number(toInt(*query.step)));
    if (query.stream)
        add(u"stream"_s, toText(*query.stream));
    if (query.from > 0)
        add(u"from"_s, QString::number(query.from));
    if (query.limit != defaultSearchLimit)
        add(u"limit"_s, QString::number(query.limit));
    return result;
}

QByteArray toJson(const LogSearchAnswer &answer)
{
    QByteArray out = "{\"matches\":" + QByteArray::number(answer.matches) +
                     ",\"matching_lines\":" + QByteArray::number(answer.matchingLines) +
                     ",\"complete\":" + (answer.isComplete ? "true" : "false") +
                     ",\"searched_to\":" + QByteArray::number(answer.searchedTo);
    if (answer.next)
        out += ",\"next\":" + QByteArray::number(*answer.next);
    out += ",\"lines\":[";
    for (const LogSearchAnswer::Line &line : answer.lines) {
        if (!out.endsWith('['))
            out += ',';
        appendJson(out, line.line);
        out.chop(1); // one more member
        out += ",\"ranges\":[";
        for (const auto &[begin, end] : line.ranges)
            out += '[' + QByteArray::number(begin) + ',' + QByteArray::number(end) + "],";
        if (out.endsWith(','))
            out.chop(1);
        out += "]}";
    }
    return out += "]}";
}

Result<LogSearchAnswer> logSearchAnswerFromJson(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    LogSearchAnswer answer;
    answer.matches = object.value("matches"_L1).toInteger(-1);
    answer.matchingLines = object.value("matching_lines"_L1).toInteger(-1);
    answer.searchedTo = object.value("searched_to"_L1).toInteger(-1);
    answer.isComplete = object.value("complete"_L1).toBool();
    if (answer.matches < 0 || answer.matchingLines < 0 || answer.searchedTo < 0 || !object.value("lines"_L1).isArray())
        return fail(ErrorCode::Protocol, u"log search: expected \"matches\", \"matching_lines\", \"searched_to\" and "
                                         u"\"lines\""_s);
    if (const qint64 next = object.value("next"_L1).toInteger(-1); next >= 0)
        answer.next = next;
    const QJsonArray lines = object.value("lines"_L1).toArray();
    for (const QJsonValue value : lines) {
        auto line = lineFromJson(value.toObject());
        if (!line)
            return std::unexpected(line.error());
        answer.lines.append(std::move(*line));
    }
    return answer;
}

} // namespace danube::protocol
