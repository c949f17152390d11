// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace danube::console {

/// The end of the line that the byte at `from` is in: its newline, or the end of `text`.
inline qsizetype lineEndAfter(QByteArrayView text, qsizetype from)
{
    const qsizetype newline = text.indexOf('\n', from);
    return newline < 0 ? text.size() : newline;
}

/// Where the next line begins, or the end of `text`.
inline qsizetype behindLine(QByteArrayView text, qsizetype from)
{
    return std::min(lineEndAfter(text, from) + 1, text.size());
}

} // namespace danube::console
