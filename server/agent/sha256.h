// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/bytes.h"

#include <initializer_list>

namespace danube::agent {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4). Uses the processor's SHA extensions where there are any.
class Sha256
{
public:
    using State = std::array<std::uint32_t, 8>;

    Sha256();
    /// Goes on from the state after `length` bytes, a multiple of 64.
    Sha256(const State &state, std::uint64_t length) : m_state(state), m_length(length) {}
    void update(ByteView bytes);
    /// Ends the computation; the object must not be used afterwards.
    Digest finish();
    const State &state() const { return m_state; }

    static Digest of(ByteView bytes);

private:
    State m_state;
    std::uint64_t m_length = 0;
    std::array<std::uint8_t, 64> m_block{};
};

/// HMAC-SHA256 (RFC 2104) under one key, kept as the two states after the padded key, so that a short message costs
/// two compressions. Wiped on destruction. Trivially relocatable, no pointers: may live in memory wiped at fork.
class HmacKey
{
public:
    HmacKey() = default;
    explicit HmacKey(ByteView key);
    ~HmacKey();
    HmacKey(const HmacKey &) = default;
    HmacKey &operator=(const HmacKey &) = default;
    /// MAC of the parts' concatenation.
    Digest mac(std::initializer_list<ByteView> parts) const;

private:
    Sha256::State m_inner{};
    Sha256::State m_outer{};
};

/// Compares without an early exit; lengths may leak.
bool equalConstantTime(ByteView left, ByteView right);

namespace detail {
/// One or more 64-byte blocks; the portable form is exposed so that tests can compare both.
void compressPortable(Sha256::State &state, const std::uint8_t *blocks, std::size_t count);
void compress(Sha256::State &state, const std::uint8_t *blocks, std::size_t count);
} // namespace detail

} // namespace danube::agent
