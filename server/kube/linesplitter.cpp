// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/linesplitter.h"

using namespace Qt::StringLiterals;

namespace danube::kube {

Result<QList<QByteArray>> LineSplitter::feed(QByteArrayView bytes)
{
    QList<QByteArray> lines;
    while (!m_isBroken && !bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        const QByteArrayView piece = end < 0 ? bytes : bytes.first(end);
        m_isBroken = m_partial.size() + piece.size() > m_limit;
        if (m_isBroken)
            break;
        m_partial.append(piece);
        if (end < 0)
            break;
        if (m_partial.endsWith('\r'))
            m_partial.chop(1);
        if (!m_partial.isEmpty())
            lines.append(std::exchange(m_partial, {}));
        bytes = bytes.sliced(end + 1);
    }
    if (!m_isBroken)
        return lines;
    m_partial.clear();
    return fail(ErrorCode::ResourceExhausted, u"a line of the stream is longer than %1 bytes"_s.arg(m_limit));
}

void LineSplitter::clear()
{
    m_partial.clear();
    m_isBroken = false;
}

} // namespace danube::kube
