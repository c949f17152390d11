// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QList>

namespace danube::kube {

/// Cuts a stream into lines of bounded length. Pure.
class LineSplitter
{
public:
    static constexpr qsizetype defaultLimit = 8 << 20;
    explicit LineSplitter(qsizetype limit = defaultLimit) : m_limit(limit) {}

    /// The lines that are whole now, without "\n" or "\r\n"; empty lines are left out. ResourceExhausted: a line is
    /// longer than the limit; the stream must be dropped, and every further call fails too.
    Result<QList<QByteArray>> feed(QByteArrayView bytes);
    /// Something came behind the last end of a line: at the end of the stream, a line that was cut.
    bool hasRest() const { return !m_partial.isEmpty(); }
    void clear();

private:
    qsizetype m_limit;
    QByteArray m_partial;
    bool m_isBroken = false;
};

} // namespace danube::kube
