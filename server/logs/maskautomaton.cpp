// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/maskautomaton.h"

#include <bit>
#include <cstring>

namespace danube::logs {
namespace {

constexpr qsizetype block = 3;          // bytes looked at per shift
constexpr qsizetype longestWindow = 64; // a shift fits a byte, and longer leaps gain nothing
constexpr int startBits = 16;

/// Slot of the four bytes that a pattern begins with.
uint32_t startSlot(const char *bytes)
{
    uint32_t key = 0;
    memcpy(&key, bytes, sizeof key);
    return (key * 0x9e3779b1U) >> (32 - startBits);
}

} // namespace

MaskAutomaton::MaskAutomaton(const QList<QByteArray> &patterns)
{
    if (patterns.isEmpty())
        return;
    link(insertAll(patterns));
    prepareShifts(patterns);
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

void MaskAutomaton::prepareShifts(const QList<QByteArray> &patterns)
{
    m_window = longestWindow;
    for (const QByteArray &pattern : patterns)
        m_window = std::min(m_window, pattern.size());
    // Sparse enough that an unrelated block rarely meets an entry, small enough for the processor's caches.
    const auto entries = static_cast<uint64_t>(patterns.size() * (m_window - block + 1));
    m_slotBits = std::clamp(static_cast<int>(std::bit_width(entries)) + 3, 10, 16);
    m_shifts.assign(size_t(1) << m_slotBits, static_cast<uint8_t>(m_window - block + 1));
    m_starts.assign(size_t(1) << startBits, false);
    for (const QByteArray &pattern : patterns) {
        m_starts[startSlot(pattern.constData())] = true;
        for (qsizetype at = 0; at + block <= m_window; ++at) {
            uint8_t &shift = m_shifts[slot(pattern.constData() + at)];
            shift = std::min(shift, static_cast<uint8_t>(m_window - block - at));
        }
    }
}

uint32_t MaskAutomaton::slot(const char *bytes) const
{
    const auto *at = reinterpret_cast<const unsigned char *>(bytes);
    const uint32_t key = at[0] | uint32_t(at[1]) << 8 | uint32_t(at[2]) << 16;
    return (key * 0x9e3779b1U) >> (32 - m_slotBits);
}

qsizetype MaskAutomaton::skip(QByteArrayView bytes) const
{
    const qsizetype last = bytes.size() - m_window;
    qsizetype at = 0;
    while (at <= last) {
        const uint8_t shift = m_shifts[slot(bytes.data() + at + m_window - block)];
        if (shift == 0 && m_starts[startSlot(bytes.data() + at)])
            return at;
        at += std::max<uint8_t>(shift, 1);
    }
    return at;
}

} // namespace danube::logs
