// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/bytequeue.h"

#include <algorithm>

namespace danube::kube {
namespace {

/// A smaller piece is copied: it would keep a block alive that is much larger than itself.
constexpr qsizetype minShared = 4 << 10;
constexpr qsizetype maxTail = 64 << 10;

} // namespace

void ByteQueue::append(const QByteArray &block, QByteArrayView piece)
{
    if (piece.isEmpty())
        return;
    m_size += piece.size();
    if (piece.size() >= minShared) {
        m_pieces.push_back({block, piece.data() - block.constData(), piece.size()});
        m_isTailOurs = false;
        return;
    }
    if (!m_isTailOurs || m_pieces.empty() || m_pieces.back().block.size() >= maxTail) {
        m_pieces.push_back({});
        m_isTailOurs = true;
    }
    Piece &tail = m_pieces.back();
    tail.block.append(piece);
    tail.size += piece.size();
}

qint64 ByteQueue::take(char *to, qint64 maximum)
{
    qint64 taken = 0;
    while (taken < maximum && !m_pieces.empty()) {
        Piece &front = m_pieces.front();
        const auto size = std::min<qint64>(front.size, maximum - taken);
        std::copy_n(front.block.constData() + front.offset, size, to + taken);
        front.offset += size;
        front.size -= size;
        taken += size;
        if (front.size == 0)
            m_pieces.pop_front();
    }
    m_size -= taken;
    return taken;
}

} // namespace danube::kube
