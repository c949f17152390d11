// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/patch.h"

#include <QList>

#include <algorithm>

namespace danube::cli {
namespace {

constexpr qsizetype contextLines = 3;

/// With their ends; the last one may have none.
QList<QByteArray> linesOf(const QByteArray &text)
{
    QList<QByteArray> lines;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf('\n', at);
        const qsizetype size = end < 0 ? text.size() - at : end - at + 1;
        lines.append(text.sliced(at, size));
        at += size;
    }
    return lines;
}

void append(QByteArray &hunk, char mark, const QByteArray &line)
{
    hunk.append(mark).append(line);
    if (!line.endsWith('\n'))
        hunk.append("\n\\ No newline at end of file\n");
}

// A range of no lines is named by the line before it.
QByteArray rangeOf(qsizetype from, qsizetype count)
{
    return QByteArray::number(count == 0 ? from : from + 1) + ',' + QByteArray::number(count);
}

} // namespace

QByteArray unifiedDiff(const QString &path, const QByteArray &before, const QByteArray &after)
{
    if (before == after)
        return {};
    const auto old = linesOf(before);
    const auto fresh = linesOf(after);
    const qsizetype shorter = std::min(old.size(), fresh.size());
    qsizetype same = 0; // in front
    while (same < shorter && old[same] == fresh[same])
        ++same;
    qsizetype sameAtEnd = 0;
    while (sameAtEnd < shorter - same && old[old.size() - 1 - sameAtEnd] == fresh[fresh.size() - 1 - sameAtEnd])
        ++sameAtEnd;
    const qsizetype first = std::max<qsizetype>(0, same - contextLines);
    const qsizetype trailing = std::min(sameAtEnd, contextLines);
    const qsizetype oldEnd = old.size() - sameAtEnd;
    const qsizetype freshEnd = fresh.size() - sameAtEnd;

    const QByteArray name = path.toUtf8();
    QByteArray diff = "--- a/" + name + "\n+++ b/" + name + "\n@@ -" + rangeOf(first, oldEnd + trailing - first) +
                      " +" + rangeOf(first, freshEnd + trailing - first) + " @@\n";
    for (qsizetype i = first; i < same; ++i)
        append(diff, ' ', old[i]);
    for (qsizetype i = same; i < oldEnd; ++i)
        append(diff, '-', old[i]);
    for (qsizetype i = same; i < freshEnd; ++i)
        append(diff, '+', fresh[i]);
    for (qsizetype i = oldEnd; i < oldEnd + trailing; ++i)
        append(diff, ' ', old[i]);
    return diff;
}

} // namespace danube::cli
