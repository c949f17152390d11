// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// TLS hellos for tests, put together from their parts.
namespace danube::guard::tests {

inline std::string number(size_t value, int bytes)
{
    std::string out;
    for (int i = bytes - 1; i >= 0; --i)
        out += static_cast<char>(value >> (8 * i));
    return out;
}
inline std::string vector(std::string_view content, int lengthBytes)
{
    return number(content.size(), lengthBytes) + std::string(content);
}
inline std::string extension(uint16_t type, std::string_view data)
{
    return number(type, 2) + vector(data, 2);
}
inline std::string serverName(std::string_view name, char kind = 0)
{
    return extension(0, vector(kind + vector(name, 2), 2));
}

/// A ClientHello message with these extensions (each complete), padded to about a real one's size.
inline std::string helloMessage(const std::vector<std::string> &extensions)
{
    std::string joined;
    for (const std::string &each : extensions)
        joined += each;
    const std::string body = std::string("\x03\x03", 2) + std::string(32, 'r') + vector(std::string(32, 's'), 1) +
                             vector(std::string("\x13\x01\x13\x02", 4), 2) + vector(std::string(1, '\0'), 1) +
                             vector(joined, 2);
    return '\x01' + vector(body, 3);
}
/// In records of at most `piece` bytes.
inline std::string records(std::string_view message, size_t piece = 16'384)
{
    std::string out;
    for (size_t at = 0; at < message.size(); at += piece)
        out += std::string("\x16\x03\x01", 3) + vector(message.substr(at, piece), 2);
    return out;
}
inline std::string hello(std::string_view name)
{
    return records(helloMessage(
        {extension(0x2a2a, ""), serverName(name), extension(10, std::string(4, '\1')), extension(0x7a7a, "x")}));
}

} // namespace danube::guard::tests
