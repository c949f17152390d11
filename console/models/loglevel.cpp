// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/loglevel.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr uint32_t glanceSteps = 100'000; // painting does not wait for what a search would

LogPattern compiled(const QString &expression)
{
    return LogPattern::compile({.text = expression, .syntax = LogQuery::Syntax::Regex}).value();
}

bool occursIn(const LogPattern &pattern, QByteArrayView line)
{
    bool found = false;
    const auto scanned = pattern.scan(
        line,
        [&](qsizetype, qsizetype) {
            found = true;
            return false;
        },
        glanceSteps);
    return scanned && found;
}

} // namespace

const LogPattern &errorPattern()
{
    static const LogPattern pattern =
        compiled(u"(?<!\\b0 )(?<!\\bno )\\b(?:error|fatal|panic|exception|traceback|segmentation fault|failed|failure)"
                 "(?:s|ed)?\\b(?!\\.\\w)(?!s?[:=] ?0\\b)"_s);
    return pattern;
}

const LogPattern &warningPattern()
{
    static const LogPattern pattern =
        compiled(u"(?<!\\b0 )(?<!\\bno )\\b(?:warn|warning)s?\\b(?!\\.\\w)(?!s?[:=] ?0\\b)"_s);
    return pattern;
}

LogLevel levelOf(QByteArrayView line)
{
    if (occursIn(errorPattern(), line))
        return LogLevel::Error;
    return occursIn(warningPattern(), line) ? LogLevel::Warning : LogLevel::None;
}

} // namespace danube::console
