// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace danube::guard::dns {

/// Cuts a TCP stream into messages (RFC 1035, 4.2.2: two bytes of length before each). Pure.
class StreamReader
{
public:
    /// Complete messages, in order. A message longer than maxQuery, or of no length, breaks the stream for good.
    std::vector<std::string> feed(std::string_view bytes);
    bool isBroken() const { return m_isBroken; }

private:
    std::string m_partial;
    bool m_isBroken = false;
};

std::string framed(std::string_view message); ///< with its length in front

} // namespace danube::guard::dns
