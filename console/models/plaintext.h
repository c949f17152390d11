// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace danube::console {

/// Raw log bytes as a reader sees them, without escape sequences, and the way back to raw offsets. Copies nothing when
/// there is no escape.
class PlainText
{
public:
    explicit PlainText(QByteArrayView raw);
    QByteArrayView text() const { return m_removed.empty() ? m_raw : QByteArrayView(m_plain); }
    qsizetype rawOffset(qsizetype plain) const; ///< of the byte at `plain`

private:
    struct Removed
    {
        qsizetype plain; ///< from this offset on ...
        qsizetype bytes; ///< ... so many bytes were left out before
    };
    QByteArrayView m_raw;
    QByteArray m_plain;
    std::vector<Removed> m_removed;
};

} // namespace danube::console
