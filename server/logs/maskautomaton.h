// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <array>
#include <vector>

namespace danube::logs {

/// Aho–Corasick over a fixed set of patterns, immutable. A state stands for the longest suffix of what was read that is
/// the beginning of a pattern: depth() bytes that cannot be judged yet. Edges are sparse, since encoded secrets make
/// long chains; text that matches nothing never gets that far, because skip() leaps over it.
class MaskAutomaton
{
public:
    using State = uint32_t;
    static constexpr State start = 0;

    MaskAutomaton() = default;
    explicit MaskAutomaton(const QList<QByteArray> &patterns); ///< each of at least 4 bytes

    bool isEmpty() const { return m_nodes.size() <= 1; }
    State next(State state, unsigned char byte) const;
    uint32_t depth(State state) const { return m_nodes[state].depth; }
    uint32_t longestMatch(State state) const { return m_nodes[state].match; } ///< pattern ending here; 0 = none
    /// How many leading bytes cannot be the first byte of any pattern, as far as these bytes tell (Wu–Manber: the shift
    /// of the last three bytes of a window as long as the shortest pattern, then a look at its first four).
    qsizetype skip(QByteArrayView bytes) const;

private:
    struct Node
    {
        State failure = start; ///< state of the longest proper suffix
        uint32_t firstEdge = 0;
        uint32_t edgeCount = 0;
        uint32_t depth = 0;
        uint32_t match = 0;
    };
    using Trie = std::vector<std::vector<std::pair<unsigned char, State>>>;
    Trie insertAll(const QList<QByteArray> &patterns);
    void link(const Trie &trie);
    void prepareShifts(const QList<QByteArray> &patterns);
    uint32_t slot(const char *block) const;

    std::vector<Node> m_nodes{Node{}};
    std::vector<unsigned char> m_edgeBytes;
    std::vector<State> m_edgeTargets;
    std::array<State, 256> m_fromStart{};
    std::vector<uint8_t> m_shifts;
    std::vector<bool> m_starts; ///< whether a pattern may begin with four bytes
    int m_slotBits = 0;
    qsizetype m_window = 0;
};

} // namespace danube::logs
