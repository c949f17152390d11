// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsframing.h"

#include "server/guard/dnsmessage.h"

namespace danube::guard::dns {

std::vector<std::string> StreamReader::feed(std::string_view bytes)
{
    std::vector<std::string> messages;
    m_partial += bytes;
    size_t at = 0;
    while (!m_isBroken && m_partial.size() - at >= 2) {
        const size_t length =
            size_t(static_cast<uint8_t>(m_partial[at])) << 8 | static_cast<uint8_t>(m_partial[at + 1]);
        m_isBroken = length == 0 || length > maxQuery;
        if (m_isBroken || m_partial.size() - at - 2 < length)
            break;
        messages.push_back(m_partial.substr(at + 2, length));
        at += 2 + length;
    }
    m_partial.erase(0, m_isBroken ? m_partial.size() : at);
    return messages;
}

std::string framed(std::string_view message)
{
    std::string out{static_cast<char>(message.size() >> 8), static_cast<char>(message.size())};
    out += message;
    return out;
}

} // namespace danube::guard::dns
