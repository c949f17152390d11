// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <deque>

namespace danube::kube {

/// Bytes received and not yet read. Large pieces keep the block they came in alive instead of being copied.
class ByteQueue
{
public:
    qint64 size() const { return m_size; }
    /// `piece` lies within `block`.
    void append(const QByteArray &block, QByteArrayView piece);
    qint64 take(char *to, qint64 maximum);

private:
    struct Piece
    {
        QByteArray block;
        qsizetype offset = 0;
        qsizetype size = 0;
    };
    std::deque<Piece> m_pieces;
    bool m_isTailOurs = false; ///< the last piece is a copy that may still grow
    qint64 m_size = 0;
};

} // namespace danube::kube
