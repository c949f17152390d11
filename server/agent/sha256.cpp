// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/sha256.h"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace danube::agent {
namespace {

alignas(16) constexpr std::array<std::uint32_t, 64> roundConstants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr Sha256::State initialState{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t bigEndian(const std::uint8_t *bytes)
{
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

std::array<std::uint32_t, 64> messageSchedule(const std::uint8_t *block)
{
    std::array<std::uint32_t, 64> w;
    for (std::size_t i = 0; i < 16; ++i)
        w[i] = bigEndian(block + 4 * i);
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
        const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    return w;
}

#if defined(__x86_64__)

bool hasShaExtensions()
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & (1U << 29)))
        return false;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
}

// Four rounds per turn: the two halves of w + k feed sha256rnds2; the schedule is a ring of the last four vectors.
__attribute__((target("sha,sse4.1,ssse3"))) void compressSha(Sha256::State &state, const std::uint8_t *blocks,
                                                             std::size_t count)
{
    const __m128i byteSwap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i dcba = _mm_loadu_si128(reinterpret_cast<const __m128i *>(state.data()));
    const __m128i hgfe = _mm_loadu_si128(reinterpret_cast<const __m128i *>(state.data() + 4));
    const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
    for (; count > 0; --count, blocks += 64) {
        const __m128i abefBefore = abef;
        const __m128i cdghBefore = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; ++i)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i *>(blocks) + i), byteSwap);
#pragma GCC unroll 16
        for (int turn = 0; turn < 16; ++turn) {
            __m128i &current = w[turn % 4];
            if (turn >= 4) {
                const __m128i last = w[(turn + 3) % 4];
                const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(current, w[(turn + 1) % 4]),
                                                  _mm_alignr_epi8(last, w[(turn + 2) % 4], 4));
                current = _mm_sha256msg2_epu32(sum, last);
            }
            const auto *k = reinterpret_cast<const __m128i *>(roundConstants.data()) + turn;
            const __m128i wk = _mm_add_epi32(current, _mm_load_si128(k));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
        }
        abef = _mm_add_epi32(abef, abefBefore);
        cdgh = _mm_add_epi32(cdgh, cdghBefore);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(state.data()), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#endif

} // namespace

void detail::compressPortable(Sha256::State &state, const std::uint8_t *blocks, std::size_t count)
{
    for (; count > 0; --count, blocks += 64) {
        const auto w = messageSchedule(blocks);
        auto [a, b, c, d, e, f, g, h] = state;
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
            const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i] + w[i];
            const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
            const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1;
            d = c, c = b, b = a, a = t1 + t2;
        }
        const Sha256::State added{a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i)
            state[i] += added[i];
    }
}

void detail::compress(Sha256::State &state, const std::uint8_t *blocks, std::size_t count)
{
#if defined(__x86_64__)
    static const bool fast = hasShaExtensions();
    if (fast)
        return compressSha(state, blocks, count);
#endif
    compressPortable(state, blocks, count);
}

Sha256::Sha256() : m_state(initialState) {}

void Sha256::update(ByteView bytes)
{
    if (bytes.empty())
        return;
    const std::size_t held = m_length % 64;
    m_length += bytes.size();
    if (held > 0) {
        const std::size_t taken = std::min<std::size_t>(64 - held, bytes.size());
        std::memcpy(m_block.data() + held, bytes.data(), taken);
        bytes = bytes.subspan(taken);
        if (held + taken < 64)
            return;
        detail::compress(m_state, m_block.data(), 1);
    }
    detail::compress(m_state, bytes.data(), bytes.size() / 64);
    const ByteView tail = bytes.subspan(bytes.size() / 64 * 64);
    if (!tail.empty())
        std::memcpy(m_block.data(), tail.data(), tail.size());
}

Digest Sha256::finish()
{
    const std::size_t held = m_length % 64;
    std::array<std::uint8_t, 128> tail{};
    std::memcpy(tail.data(), m_block.data(), held);
    tail[held] = 0x80;
    const std::size_t size = held < 56 ? 64 : 128;
    for (std::size_t i = 0; i < 8; ++i)
        tail[size - 1 - i] = static_cast<std::uint8_t>((m_length * 8) >> (8 * i));
    detail::compress(m_state, tail.data(), size / 64);
    Digest digest;
    for (std::size_t i = 0; i < 32; ++i)
        digest[i] = static_cast<std::uint8_t>(m_state[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
}

Digest Sha256::of(ByteView bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

HmacKey::HmacKey(ByteView key)
{
    std::array<std::uint8_t, 64> block{};
    if (key.size() > block.size()) {
        const Digest shortened = Sha256::of(key);
        std::memcpy(block.data(), shortened.data(), shortened.size());
    } else if (!key.empty()) {
        std::memcpy(block.data(), key.data(), key.size());
    }
    for (auto &byte : block)
        byte ^= 0x36;
    m_inner = initialState;
    detail::compress(m_inner, block.data(), 1);
    for (auto &byte : block)
        byte ^= 0x36 ^ 0x5c;
    m_outer = initialState;
    detail::compress(m_outer, block.data(), 1);
    explicit_bzero(block.data(), block.size());
}

HmacKey::~HmacKey()
{
    explicit_bzero(m_inner.data(), sizeof m_inner);
    explicit_bzero(m_outer.data(), sizeof m_outer);
}

Digest HmacKey::mac(std::initializer_list<ByteView> parts) const
{
    Sha256 inner(m_inner, 64);
    for (const ByteView part : parts)
        inner.update(part);
    Sha256 outer(m_outer, 64);
    outer.update(inner.finish());
    return outer.finish();
}

bool equalConstantTime(ByteView left, ByteView right)
{
    if (left.size() != right.size())
        return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        difference |= static_cast<unsigned>(left[i] ^ right[i]);
    return difference == 0;
}

} // namespace danube::agent
