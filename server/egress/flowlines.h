// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace danube::egress {

/// Cuts a stream into lines. One that is too long is left out and counted, and the next one is good again: a broken
/// record must not end the reading of a file. Pure.
class FlowLines
{
public:
    explicit FlowLines(qsizetype limit) : m_limit(limit) {}
    QList<QByteArray> feed(QByteArrayView bytes); ///< without their ends; empty ones are left out
    void clear();                                 ///< another file: what is incomplete is given up
    /// The rest of the line that the next bytes begin with is none.
    void skipRest() { m_isSkipping = true; }
    quint64 tooLong() const { return m_tooLong; }

private:
    qsizetype m_limit;
    QByteArray m_partial;
    bool m_isSkipping = false;
    quint64 m_tooLong = 0;
};

} // namespace danube::egress
