// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace danube::logs {

inline constexpr qsizetype shortestSecret = 4; ///< shorter ones would mask half of every log
inline constexpr qsizetype longestForm = 4096; ///< bounds what a stream may have to hold back

/// Every text that shows a secret and is masked for it: the value (a value of several lines by its lines of at least 8
/// bytes, as logs are masked line by line), and value and lines in base64 (each alignment, standard and URL alphabet,
/// wrapped at 64 and 76), hexadecimal, percent encoding and JSON escapes. Characters at the ends of base64 that depend
/// on the neighbours are left out. What is longer than longestForm comes in pieces that touch or overlap. No form holds
/// a newline or is shorter than shortestSecret. Empty for a value too short.
QList<QByteArray> secretForms(QByteArrayView secret);

} // namespace danube::logs
