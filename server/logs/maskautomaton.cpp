// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/maskautomaton.h"

#include <bit>
#include <cstring>

namespace danube::logs {
namespace {

constexpr qsizetype longestWindow = 40; // bytes of a pattern that matter here: longer strides gain nothing
constexpr qsizetype shortestGram = 4;
constexpr qsizetype longestGram = 8;
constexpr int startBits = 16;
constexpr uint64_t multiplier = 0x9e3779b97f4a7c15U;

uint64_t read8(const char *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/// Slot of the four bytes that a pattern begins with.
size_t startSlot(const char *bytes)
{
    uint32_t key = 0;
    memcpy(&key, bytes, sizeof key);
    return (key * multiplier) >> (64 - startBits);
}

/// Two bits of a word: what a gram sets in its word of the filter, by the bits of its hash below those that chose the
/// word.
uint64_t marks(uint64_t hash, int wordShift)
{
    return uint64_t(1) << (hash >> (wordShift - 6) & 63) | uint64_t(1) << (hash >> (wordShift - 12) & 63);
}

} // namespace

MaskAutomaton::MaskAutomaton(const QList<QByteArray> &patterns)
{
    if (patterns.isEmpty())
        return;
    link(insertAll(patterns));
    prepareGrams(patterns);
}

MaskAutomaton::Trie MaskAutomaton::insertAll(const QList<QByteArray> &patterns)
{
    Trie trie(1);
    for (const QByteArray &pattern : patterns) {
        State at = start;
        for (const char character : pattern) {
            const auto byte = static_cast<unsigned char>(character);
            const auto edge = std::ranges::find(trie[at], byte, [](const auto &entry) { return entry.first; });
            if (edge != trie[at].end()) {
                at = edge->second;
                continue;
            }
            const auto added = static_cast<State>(trie.size());
            trie[at].emplace_back(byte, added);
            trie.emplace_back();
            m_nodes.push_back(Node{.depth = m_nodes[at].depth + 1});
            at = added;
        }
        m_nodes[at].match = m_nodes[at].depth;
    }
    return trie;
}

void MaskAutomaton::link(const Trie &trie)
{
    for (State state = 0; state < trie.size(); ++state) {
        m_nodes[state].firstEdge = static_cast<uint32_t>(m_edgeBytes.size());
        m_nodes[state].edgeCount = static_cast<uint32_t>(trie[state].size());
        for (const auto &[byte, target] : trie[state]) {
            m_edgeBytes.push_back(byte);
            m_edgeTargets.push_back(target);
        }
    }
    std::vector<State> queue; // breadth first: the failure state of a node is shallower, so already linked
    for (const auto &[byte, target] : trie[start]) {
        m_fromStart[byte] = target;
        queue.push_back(target);
    }
    for (size_t i = 0; i < queue.size(); ++i) {
        const State state = queue[i];
        for (const auto &[byte, target] : trie[state]) {
            Node &node = m_nodes[target];
            node.failure = next(m_nodes[state].failure, byte);
            node.match = std::max(node.match, m_nodes[node.failure].match);
            queue.push_back(target);
        }
    }
}

MaskAutomaton::State MaskAutomaton::next(State state, unsigned char byte) const
{
    for (; state != start; state = m_nodes[state].failure) {
        const Node &node = m_nodes[state];
        if (node.edgeCount == 0)
            continue;
        const unsigned char *bytes = m_edgeBytes.data() + node.firstEdge;
        const void *found = memchr(bytes, byte, node.edgeCount);
        if (found)
            return m_edgeTargets[node.firstEdge +
                                 static_cast<size_t>(static_cast<const unsigned char *>(found) - bytes)];
    }
    return m_fromStart[byte];
}

void MaskAutomaton::prepareGrams(const QList<QByteArray> &patterns)
{
    qsizetype window = longestWindow;
    for (const QByteArray &pattern : patterns)
        window = std::min(window, pattern.size());
    const qsizetype gram = std::clamp(window / 2, shortestGram, longestGram);
    m_stride = window - gram + 1;
    m_gramMask = ~uint64_t(0);
    if constexpr (std::endian::native == std::endian::little)
        m_gramMask >>= 8 * (longestGram - gram);
    else
        m_gramMask <<= 8 * (longestGram - gram);
    // Sparse enough that an unrelated gram is seldom taken for one of a pattern, small enough for the nearest cache.
    const auto entries = static_cast<uint64_t>(patterns.size() * m_stride);
    const int wordBits = std::clamp(static_cast<int>(std::bit_width(entries)) - 2, 6, 12);
    m_wordShift = 64 - wordBits;
    m_grams.assign(size_t(1) << wordBits, 0);
    m_starts.assign((size_t(1) << startBits) / 64, 0);
    for (const QByteArray &pattern : patterns) {
        const size_t slot = startSlot(pattern.constData());
        m_starts[slot / 64] |= uint64_t(1) << (slot % 64);
        for (qsizetype at = 0; at < m_stride; ++at) {
            char bytes[longestGram] = {}; // a pattern may be shorter
            memcpy(bytes, pattern.constData() + at, static_cast<size_t>(gram));
            const uint64_t hash = (read8(bytes) & m_gramMask) * multiplier;
            m_grams[hash >> m_wordShift] |= marks(hash, m_wordShift);
        }
    }
}

/// The first place from `from` to `to` where a pattern may begin; -1 = none. Four bytes behind `to` are readable.
qsizetype MaskAutomaton::startWithin(const char *data, qsizetype from, qsizetype to) const
{
    for (qsizetype at = from; at <= to; ++at) {
        const size_t slot = startSlot(data + at);
        if ((m_starts[slot / 64] >> (slot % 64) & 1) != 0)
            return at;
    }
    return -1;
}

qsizetype MaskAutomaton::skip(QByteArrayView bytes) const
{
    const char *const data = bytes.data();
    const qsizetype last = bytes.size() - longestGram;
    const qsizetype stride = m_stride;
    const uint64_t *const words = m_grams.data();
    const uint64_t mask = m_gramMask;
    const int shift = m_wordShift;
    const auto mayHold = [=](qsizetype at) {
        const uint64_t hash = (read8(data + at) & mask) * multiplier;
        const uint64_t wanted = marks(hash, shift);
        return (words[hash >> shift] & wanted) == wanted;
    };
    qsizetype gram = stride - 1; // the earliest that every pattern beginning at 0 or later may cover first
    for (;;) {
        while (gram + 3 * stride <= last && !(int(mayHold(gram)) | int(mayHold(gram + stride)) |
                                              int(mayHold(gram + 2 * stride)) | int(mayHold(gram + 3 * stride))))
            gram += 4 * stride;
        while (gram <= last && !mayHold(gram))
            gram += stride;
        if (gram > last)
            return std::min(gram - stride + 1, bytes.size());
        if (const qsizetype at = startWithin(data, gram - stride + 1, gram); at >= 0)
            return at;
        gram += stride;
    }
}

} // namespace danube::logs
