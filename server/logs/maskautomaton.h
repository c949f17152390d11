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
    /// How many leading bytes cannot be the first byte of any pattern, as far as these bytes tell. Every occurrence
    /// covers one of the grams that lie m_stride bytes apart, whatever its place; so only those are looked up, each on
    /// its own, and the processor looks up several at once. A gram that may be one of a pattern is judged by the bytes
    /// before it.
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
    void prepareGrams(const QList<QByteArray> &patterns);
    qsizetype startWithin(const char *data, qsizetype from, qsizetype to) const;

    std::vector<Node> m_nodes{Node{}};
    std::vector<unsigned char> m_edgeBytes;
    std::vector<State> m_edgeTargets;
    std::array<State, 256> m_fromStart{};
    /// Words of a filter: a gram's hash chooses one and two bits in it, set when it is at one of the first m_stride
    /// places of a pattern.
    std::vector<uint64_t> m_grams;
    std::vector<uint64_t> m_starts; ///< bits: whether a hash is one of the first four bytes of a pattern
    uint64_t m_gramMask = 0;        ///< the bytes of a gram, of eight read
    int m_wordShift = 0;
    qsizetype m_stride = 0;
};

} // namespace danube::logs
