// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/logging.h"

#include "shared/core/clock.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <atomic>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

std::atomic<LogFormat> activeFormat = LogFormat::Text;
std::atomic<int> activeMinimum = 0;

int severity(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
    case QtFatalMsg:
        return 3;
    }
    return 3;
}

QString levelName(QtMsgType type)
{
    static const QString names[] = {u"debug"_s, u"info"_s, u"warning"_s, u"error"_s};
    return names[severity(type)];
}

// Where a quoted value ends: at a quote behind which the message ends or another pair begins, as values may hold
// quotes.
qsizetype closingQuote(const QString &message, qsizetype from)
{
    static const QRegularExpression closing(u"\"(?=$| [a-z_]+=)"_s);
    return message.indexOf(closing, from);
}

// Takes `key=value` or `key="two words"` pairs off the end-to-be; returns the event text before the first pair.
QString splitFields(const QString &message, QJsonObject &fields)
{
    QString event;
    qsizetype at = 0;
    while (at < message.size()) {
        auto end = message.indexOf(u' ', at);
        const auto equals = message.indexOf(u'=', at);
        const bool isPair = equals > at && (end < 0 || equals < end);
        if (isPair && equals + 1 < message.size() && message[equals + 1] == u'"') {
            const auto close = closingQuote(message, equals + 2);
            end = close < 0 ? -1 : close + 1;
            fields.insert(message.mid(at, equals - at),
                          message.mid(equals + 2, (close < 0 ? message.size() : close) - equals - 2));
        } else if (isPair) {
            fields.insert(message.mid(at, equals - at), message.mid(equals + 1, end < 0 ? -1 : end - equals - 1));
        } else {
            event += (event.isEmpty() ? u""_s : u" "_s) + message.mid(at, end < 0 ? -1 : end - at);
        }
        at = end < 0 ? message.size() : end + 1;
    }
    return event;
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    if (severity(type) < activeMinimum.load(std::memory_order_relaxed))
        return;
    const QString time = toRfc3339(SystemClock().wall());
    QByteArray line;
    if (activeFormat.load(std::memory_order_relaxed) == LogFormat::Json)
        line = logLineAsJson(type, context.category, message, time);
    else
        line = u"%1 %2 %3: %4"_s.arg(time, levelName(type), QLatin1StringView(context.category), message).toUtf8();
    line += '\n';
    // One write, so that lines of several threads never mix; a closed stderr is nobody's failure.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.constData(), static_cast<size_t>(line.size()));
}

} // namespace

QByteArray logLineAsJson(QtMsgType type, const char *category, const QString &message, const QString &time)
{
    QJsonObject object;
    object.insert(u"message"_s, splitFields(message, object));
    object.insert(u"time"_s, time);
    object.insert(u"level"_s, levelName(type));
    object.insert(u"category"_s, QLatin1StringView(category));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

void installLogging(LogFormat format, QtMsgType minimum)
{
    activeFormat = format;
    activeMinimum = severity(minimum);
    QLoggingCategory::setFilterRules(minimum == QtDebugMsg ? u"danube.*.debug=true"_s : u"danube.*.debug=false"_s);
    qInstallMessageHandler(handleMessage);
}

} // namespace danube
