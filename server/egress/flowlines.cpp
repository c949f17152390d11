// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/flowlines.h"

#include <utility>

namespace danube::egress {

QList<QByteArray> FlowLines::feed(QByteArrayView bytes)
{
    QList<QByteArray> lines;
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        const QByteArrayView piece = end < 0 ? bytes : bytes.first(end);
        if (!m_isSkipping && m_partial.size() + piece.size() > m_limit) {
            ++m_tooLong;
            m_isSkipping = true;
            m_partial.clear();
        }
        if (!m_isSkipping)
            m_partial.append(piece);
        if (end < 0)
            return lines;
        bytes = bytes.sliced(end + 1);
        const bool wasSkipping = std::exchange(m_isSkipping, false);
        const QByteArray line = std::exchange(m_partial, {});
        if (!wasSkipping && !line.isEmpty())
            lines.append(line);
    }
    return lines;
}

void FlowLines::clear()
{
    m_partial.clear();
    m_isSkipping = false;
}

} // namespace danube::egress
