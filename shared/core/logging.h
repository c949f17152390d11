// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace danube {

enum class LogFormat { Text, Json };

/// Installs the process's message handler: one line per message on stderr, as text or as JSON {time, level, category,
/// message, + fields}. Messages are "event key=value key=\"two words\"": event first, `job=<id>` whenever one is known;
/// the JSON form splits the pairs into members. `minimum` is one of debug, info, warning, error.
void installLogging(LogFormat format, QtMsgType minimum);

/// The JSON line for one message; pure, for the handler and its tests.
QByteArray logLineAsJson(QtMsgType type, const char *category, const QString &message, const QString &time);

} // namespace danube
