// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/bytepair.h"

#include <bit>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace danube::search {

#ifdef __x86_64__
namespace {

// Both take four vectors per turn and look for the place only when one of them has it. They stop before the end where
// a turn would read beyond it; the caller does the rest.

qsizetype findBySse2(const char *text, qsizetype from, qsizetype size, const BytePair &pair, qsizetype *reached)
{
    constexpr qsizetype width = 16;
    const __m128i first = _mm_set1_epi8(char(pair.first));
    const __m128i second = _mm_set1_epi8(char(pair.second));
    const __m128i firstFold = _mm_set1_epi8(char(pair.firstFold));
    const __m128i secondFold = _mm_set1_epi8(char(pair.secondFold));
    const __m128i gap = _mm_set1_epi8(char(pair.gap));
    const auto pairsAt = [&](qsizetype at) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + at));
        const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + at + 1));
        const __m128i isSecond =
            _mm_or_si128(_mm_cmpeq_epi8(_mm_or_si128(next, secondFold), second), _mm_cmpeq_epi8(next, gap));
        return _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(bytes, firstFold), first), isSecond);
    };
    for (*reached = from; *reached + 4 * width < size; *reached += 4 * width) {
        const __m128i found[] = {pairsAt(*reached), pairsAt(*reached + width), pairsAt(*reached + 2 * width),
                                 pairsAt(*reached + 3 * width)};
        const __m128i any = _mm_or_si128(_mm_or_si128(found[0], found[1]), _mm_or_si128(found[2], found[3]));
        if (_mm_movemask_epi8(any) == 0)
            continue;
        for (int i = 0;; ++i) {
            if (const auto mask = uint32_t(_mm_movemask_epi8(found[i])); mask != 0)
                return *reached + i * width + std::countr_zero(mask);
        }
    }
    return -1;
}

[[gnu::target("avx2")]] inline __m256i pairsIn32(const char *at, const __m256i *wanted)
{
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
    const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at + 1));
    const __m256i isSecond = _mm256_or_si256(_mm256_cmpeq_epi8(_mm256_or_si256(next, wanted[3]), wanted[1]),
                                             _mm256_cmpeq_epi8(next, wanted[4]));
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_or_si256(bytes, wanted[2]), wanted[0]), isSecond);
}

[[gnu::target("avx2")]] qsizetype findByAvx2(const char *text, qsizetype from, qsizetype size, const BytePair &pair,
                                             qsizetype *reached)
{
    constexpr qsizetype width = 32;
    const __m256i wanted[] = {_mm256_set1_epi8(char(pair.first)), _mm256_set1_epi8(char(pair.second)),
                              _mm256_set1_epi8(char(pair.firstFold)), _mm256_set1_epi8(char(pair.secondFold)),
                              _mm256_set1_epi8(char(pair.gap))};
    qsizetype at = from;
    for (; at + 4 * width < size; at += 4 * width) {
        const __m256i found[] = {pairsIn32(text + at, wanted), pairsIn32(text + at + width, wanted),
                                 pairsIn32(text + at + 2 * width, wanted), pairsIn32(text + at + 3 * width, wanted)};
        const __m256i any = _mm256_or_si256(_mm256_or_si256(found[0], found[1]), _mm256_or_si256(found[2], found[3]));
        if (_mm256_movemask_epi8(any) == 0)
            continue;
        for (int i = 0;; ++i) {
            if (const auto mask = uint32_t(_mm256_movemask_epi8(found[i])); mask != 0)
                return at + i * width + std::countr_zero(mask);
        }
    }
    *reached = at;
    return -1;
}

} // namespace

qsizetype findBytePair(QByteArrayView text, qsizetype from, const BytePair &pair)
{
    static const bool hasAvx2 = __builtin_cpu_supports("avx2");
    qsizetype reached = from;
    if (hasAvx2) {
        if (const qsizetype found = findByAvx2(text.data(), from, text.size(), pair, &reached); found >= 0)
            return found;
    }
    if (const qsizetype found = findBySse2(text.data(), reached, text.size(), pair, &reached); found >= 0)
        return found;
    return findBytePairSlowly(text, reached, pair);
}
#else
qsizetype findBytePair(QByteArrayView text, qsizetype from, const BytePair &pair)
{
    return findBytePairSlowly(text, from, pair);
}
#endif

qsizetype findBytePairSlowly(QByteArrayView text, qsizetype from, const BytePair &pair)
{
    for (qsizetype at = from; at + 1 < text.size(); ++at) {
        if (pair.isAt(uint8_t(text[at]), uint8_t(text[at + 1])))
            return at;
    }
    return -1;
}

} // namespace danube::search
