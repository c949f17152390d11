// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace danube::console {

// Comma-separated values as RFC 4180 has them, in UTF-8, for spreadsheets and programs.

/// One field: quoted where it must be. A text that a spreadsheet would run as a formula (it begins with = + - @, a tab
/// or a carriage return, also after blanks) gets an apostrophe in front, which spreadsheets take for "this is text":
/// names of pipelines, steps and branches come from whoever may write them. NUL is dropped.
QString csvField(const QString &text);
QByteArray csvRow(const QStringList &fields); ///< with the line end, CR LF

} // namespace danube::console
