// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Pure helpers shared by the agent and the master's link client: standard library only. All integers are
/// little-endian.
namespace danube::agent {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView viewOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

/// Appends to a buffer it does not own.
class ByteWriter
{
public:
    explicit ByteWriter(Bytes &out) : m_out(out) {}
    void u8(std::uint8_t value) { put(value); }
    void u16(std::uint16_t value) { put(value); }
    void u32(std::uint32_t value) { put(value); }
    void u64(std::uint64_t value) { put(value); }
    void raw(ByteView bytes) { m_out.insert(m_out.end(), bytes.begin(), bytes.end()); }
    /// u32 length, then the bytes.
    void text(std::string_view value)
    {
        u32(static_cast<std::uint32_t>(value.size()));
        raw(viewOf(value));
    }

private:
    template <std::unsigned_integral T> void put(T value)
    {
        for (std::size_t i = 0; i < sizeof(T); ++i)
            m_out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    Bytes &m_out;
};

/// Reads from a view. The first read past the end makes it bad for good; reads of a bad reader give zeros.
class ByteReader
{
public:
    explicit ByteReader(ByteView bytes) : m_left(bytes) {}
    std::uint8_t u8() { return get<std::uint8_t>(); }
    std::uint16_t u16() { return get<std::uint16_t>(); }
    std::uint32_t u32() { return get<std::uint32_t>(); }
    std::uint64_t u64() { return get<std::uint64_t>(); }
    /// The next `size` bytes; empty when there are fewer.
    ByteView raw(std::size_t size)
    {
        if (!m_good || size > m_left.size()) {
            m_good = false;
            return {};
        }
        const ByteView bytes = m_left.first(size);
        m_left = m_left.subspan(size);
        return bytes;
    }
    template <std::size_t N> std::array<std::uint8_t, N> array()
    {
        std::array<std::uint8_t, N> value{};
        if (const ByteView bytes = raw(N); bytes.size() == N)
            std::memcpy(value.data(), bytes.data(), N);
        return value;
    }
    std::string text()
    {
        const ByteView bytes = raw(u32());
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
    bool isGood() const { return m_good; }
    /// Good, and nothing is left: what every message must be after its last field.
    bool isFinished() const { return m_good && m_left.empty(); }
    ByteView rest() const { return m_left; }

private:
    template <std::unsigned_integral T> T get()
    {
        const ByteView bytes = raw(sizeof(T));
        T value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
        return value;
    }
    ByteView m_left;
    bool m_good = true;
};

} // namespace danube::agent
