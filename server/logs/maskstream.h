// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/maskautomaton.h"

namespace danube::logs {

/// Masks one stream of bytes: every maximal run of bytes that belong to occurrences of patterns (overlapping ones too)
/// becomes `***`, however the stream is cut into feed() calls. Bytes that may yet turn out to be the beginning of a
/// pattern are held back: exactly the automaton's depth. A value: copying it saves the state.
class MaskStream
{
public:
    MaskStream() = default;
    /// Goes on where a former stream was decided: with what it told of `maskedAhead` and `endsMasked`.
    MaskStream(uint32_t maskedAhead, bool endsMasked);

    /// Appends to `output` what is decided by `bytes`.
    void feed(const MaskAutomaton &automaton, QByteArrayView bytes, QByteArray &output);
    /// The stream ends: appends what was held back, as nothing more can complete it.
    void finish(QByteArray &output);
    /// Judges the bytes held back anew; call when the automaton was replaced.
    void restart(const MaskAutomaton &automaton);

    qsizetype heldBack() const { return m_held.size(); } ///< bytes fed but not decided
    /// Undecided bytes that are known to belong to a secret whose `***` is out already.
    uint32_t maskedAhead() const { return static_cast<uint32_t>(std::max<qint64>(0, m_coveredEnd - m_decided)); }
    bool endsMasked() const { return m_coveredEnd >= m_decided; } ///< the last decided byte was part of a secret

private:
    struct Interval
    {
        qint64 from;
        qint64 to;
    };
    void scan(const MaskAutomaton &automaton, QByteArrayView bytes);
    void cover(qint64 from, qint64 to);
    void decide(qint64 until, QByteArrayView bytes, QByteArray &output);

    // Positions count from where this object began.
    qint64 m_fed = 0;
    qint64 m_decided = 0;
    qint64 m_coveredEnd = -1; ///< end of the last covered run whose *** is out
    MaskAutomaton::State m_state = MaskAutomaton::start;
    QByteArray m_held;               ///< the bytes from m_decided to m_fed
    std::vector<Interval> m_covered; ///< of occurrences, ascending, apart; not yet wholly decided
};

} // namespace danube::logs
