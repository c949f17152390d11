// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/logneedle.h"

#include "shared/search/requiredtext.h"

#include <vector>

namespace danube::search {

namespace {

constexpr qsizetype longest = 64; // more bytes make no needle rarer
constexpr qsizetype sampleBytes = 16 * 1024;
constexpr uint8_t caseBit = 0x20;

constexpr bool isLetter(uint8_t byte)
{
    return (byte | caseBit) >= 'a' && (byte | caseBit) <= 'z';
}

// Whether a byte may stand for the same character in no other spelling than both cases of ASCII. U+017F and U+212A
// are an s and a k to Unicode.
constexpr bool isSure(uint8_t byte, bool ignoresCase, bool unicode)
{
    const uint8_t letter = byte | caseBit;
    return !ignoresCase || (byte < 0x80 && !(unicode && isLetter(byte) && (letter == 's' || letter == 'k')));
}

// The longest part of `texts` whose bytes are sure.
QByteArray longestSure(const QList<QByteArray> &texts, bool ignoresCase, bool unicode)
{
    QByteArray best;
    for (const QByteArray &text : texts) {
        QByteArray part;
        for (const char byte : text) {
            if (isSure(uint8_t(byte), ignoresCase, unicode))
                part += byte;
            else
                part.clear();
            if (part.size() > best.size())
                best = part;
        }
    }
    return best.first(std::min(best.size(), longest));
}

// How usual a byte is in logs, when nothing better is known: 0 is rare.
int usualness(uint8_t byte)
{
    static constexpr QByteArrayView usual("zqjxkvbywgpfmucdlhr987654321s0noiate ");
    return int(usual.indexOf(char(isLetter(byte) ? byte | caseBit : byte))) + 1;
}

} // namespace

std::optional<LogNeedle> LogNeedle::of(const LogQuery &query)
{
    const QByteArray source = query.text.toUtf8();
    const auto texts = query.syntax == LogQuery::Syntax::Literal ? QList{source} : requiredTexts(source);
    const bool ignoresCase = query.letters == LogQuery::Case::Ignore;
    const QByteArray bytes = longestSure(texts, ignoresCase, query.needsUnicode());
    if (bytes.size() < 2)
        return std::nullopt;
    return LogNeedle(bytes, ignoresCase);
}

LogNeedle::LogNeedle(const QByteArray &bytes, bool ignoresCase) : m_bytes(bytes), m_ignoresCase(ignoresCase)
{
    for (qsizetype i = 0; ignoresCase && i < m_bytes.size(); ++i)
        m_bytes[i] = char(byteAt(i) | foldAt(i));
    tune({});
}

uint8_t LogNeedle::foldAt(qsizetype i) const
{
    return m_ignoresCase && isLetter(byteAt(i)) ? caseBit : 0;
}

qsizetype LogNeedle::find(QByteArrayView text, qsizetype from, std::optional<char> gap) const
{
    const BytePair pair{.first = byteAt(m_pair),
                        .second = byteAt(m_pair + 1),
                        .firstFold = foldAt(m_pair),
                        .secondFold = foldAt(m_pair + 1),
                        .gap = gap ? uint8_t(*gap) : byteAt(m_pair + 1)};
    for (qsizetype at = findBytePair(text, from, pair); at >= 0; at = findBytePair(text, at + 1, pair)) {
        if (goesOn(text, at, gap))
            return at;
    }
    return -1;
}

// Whether the needle's bytes from the pair on stand at `at`, as far as a gap lets see. What is before the pair is not
// looked at: where a gap ends is not to be seen from behind.
bool LogNeedle::goesOn(QByteArrayView text, qsizetype at, std::optional<char> gap) const
{
    for (qsizetype i = m_pair + 1; i < m_bytes.size(); ++i) {
        if (++at == text.size())
            return false;
        if (gap && text[at] == *gap)
            return true;
        if ((uint8_t(text[at]) | foldAt(i)) != byteAt(i))
            return false;
    }
    return true;
}

void LogNeedle::tune(QByteArrayView sample, std::optional<char> gap)
{
    sample = sample.first(std::min(sample.size(), sampleBytes));
    std::vector<int> counts(sample.isEmpty() ? 0 : size_t(1) << 16); // of each byte with its neighbour
    const auto fold = [this](char byte) {
        return uint8_t(m_ignoresCase && isLetter(uint8_t(byte)) ? byte | caseBit : byte);
    };
    const auto count = [&](uint8_t first, uint8_t second) -> int & { return counts[size_t(first) << 8 | second]; };
    for (qsizetype i = 0; i + 1 < sample.size(); ++i)
        ++count(fold(sample[i]), fold(sample[i + 1]));
    auto least = std::pair(INT_MAX, INT_MAX);
    for (qsizetype i = 0; i + 1 < m_bytes.size(); ++i) {
        int seen = sample.isEmpty() ? 0 : count(byteAt(i), byteAt(i + 1));
        if (gap && !sample.isEmpty() && uint8_t(*gap) != byteAt(i + 1))
            seen += count(byteAt(i), uint8_t(*gap));
        const auto rank = std::pair(seen, usualness(byteAt(i)) + usualness(byteAt(i + 1)));
        if (rank < least) {
            least = rank;
            m_pair = i;
        }
    }
}

} // namespace danube::search
