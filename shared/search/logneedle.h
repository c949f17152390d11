// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/search/bytepair.h"
#include "shared/search/logquery.h"

#include <QByteArray>

#include <optional>

namespace danube::search {

/// Bytes that every match of a query contains, and a fast look for them, so that most of a log need not be given to
/// the expression. It looks for two neighbours of the needle and then for what follows them. A query that has one is
/// also one whose matches on a line depend on that line alone. A value; const functions for any thread.
class LogNeedle
{
public:
    /// None when no two neighbouring bytes are sure to be in every match.
    static std::optional<LogNeedle> of(const LogQuery &query);

    /// Offset of a place, `from` or later, without which there is no match from there on; -1 when there is none. It
    /// lies in the line of the first such match or before. `gap`: a byte that begins something between bytes of
    /// the text that a reader does not see, an escape sequence.
    qsizetype find(QByteArrayView text, qsizetype from, std::optional<char> gap = {}) const;

    /// From now on looks for the two neighbours that are rarest in `sample` (the first 16 KiB of it count).
    void tune(QByteArrayView sample, std::optional<char> gap = {});

    const QByteArray &bytes() const { return m_bytes; }

private:
    LogNeedle(const QByteArray &bytes, bool ignoresCase);
    uint8_t byteAt(qsizetype i) const { return uint8_t(m_bytes[i]); }
    uint8_t foldAt(qsizetype i) const;
    bool goesOn(QByteArrayView text, qsizetype at, std::optional<char> gap) const;

    QByteArray m_bytes; ///< small letters when case is ignored
    bool m_ignoresCase;
    qsizetype m_pair = 0; ///< the first of the two neighbours
};

} // namespace danube::search
