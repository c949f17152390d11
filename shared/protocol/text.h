// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace danube::protocol {

/// UTF-8 as text, a leading byte order mark kept, each invalid byte as U+FFFD. (QString::fromUtf8 drops the mark.)
QString textOf(QByteArrayView bytes);

/// True when textOf(bytes).toUtf8() gives the same bytes again.
bool isExactText(QByteArrayView bytes);

/// Appends `utf8` as the inside of a JSON string (no quotes): '"', '\\' and control characters escaped, everything else
/// as it is. The input must be valid UTF-8.
void appendJsonEscaped(QByteArray &out, QByteArrayView utf8);

} // namespace danube::protocol
