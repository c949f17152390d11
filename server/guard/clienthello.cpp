// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/clienthello.h"

#include "server/guard/hostname.h"

#include <algorithm>
#include <vector>

namespace danube::guard {
namespace {

constexpr size_t recordHeader = 5;
constexpr size_t maxFragment = 1 << 14; // RFC 8446, 5.1
constexpr uint8_t handshakeRecord = 22;
constexpr uint8_t clientHello = 1;
constexpr uint16_t serverNameExtension = 0;
constexpr uint16_t encryptedHelloExtension = 0xfe0d; // RFC 9849
constexpr uint16_t oldEncryptedHello = 0xffce;       // "ESNI", a draft of it that was in use
constexpr size_t maxExtensions = 256;

uint8_t byteAt(std::string_view bytes, size_t at)
{
    return static_cast<uint8_t>(bytes[at]);
}

/// Vectors of the presentation language (RFC 8446, 3.4); a missing byte makes all later reads fail.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) {}
    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_bytes.empty(); }

    std::string_view take(size_t count)
    {
        if (!m_isGood || count > m_bytes.size()) {
            m_isGood = false;
            return {};
        }
        const std::string_view taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }
    uint16_t number(size_t bytes)
    {
        uint16_t value = 0;
        for (const char c : take(bytes))
            value = static_cast<uint16_t>(value << 8 | static_cast<uint8_t>(c));
        return value;
    }
    std::string_view vector(size_t lengthBytes) { return take(number(lengthBytes)); }

private:
    std::string_view m_bytes;
    bool m_isGood = true;
};

} // namespace

ClientHelloReader::State ClientHelloReader::breakOff(std::string_view defect)
{
    m_defect = defect;
    m_handshake = {};
    return m_state = State::Broken;
}

ClientHelloReader::State ClientHelloReader::feed(std::string_view bytes)
{
    while (m_state == State::More && !bytes.empty()) {
        if (m_recordLeft > 0) {
            const std::string_view fragment = bytes.substr(0, m_recordLeft);
            bytes.remove_prefix(fragment.size());
            m_recordLeft -= fragment.size();
            takeFragment(fragment);
            continue;
        }
        const std::string_view part = bytes.substr(0, recordHeader - m_header.size());
        m_header += part;
        bytes.remove_prefix(part.size());
        if (byteAt(m_header, 0) != handshakeRecord || (m_header.size() > 1 && byteAt(m_header, 1) != 3))
            return breakOff("no TLS handshake");
        if (m_header.size() < recordHeader)
            continue;
        m_recordLeft = size_t(byteAt(m_header, 3)) << 8 | byteAt(m_header, 4);
        m_header.clear();
        if (m_recordLeft == 0 || m_recordLeft > maxFragment || ++m_records > maxRecords)
            return breakOff("a record of a length that TLS does not have");
    }
    return m_state;
}

ClientHelloReader::State ClientHelloReader::takeFragment(std::string_view fragment)
{
    constexpr size_t handshakeHeader = 4;
    m_handshake += fragment;
    if (byteAt(m_handshake, 0) != clientHello)
        return breakOff("the first message is no ClientHello");
    if (m_handshake.size() < handshakeHeader)
        return State::More;
    const size_t length =
        size_t(byteAt(m_handshake, 1)) << 16 | size_t(byteAt(m_handshake, 2)) << 8 | byteAt(m_handshake, 3);
    if (length > maxHandshake)
        return breakOff("a ClientHello that is too long");
    const size_t whole = handshakeHeader + length;
    // Nothing may follow in its record: keys change after it (RFC 8446, 5.1).
    if (m_handshake.size() > whole || (m_handshake.size() == whole && m_recordLeft > 0))
        return breakOff("bytes after the ClientHello in its record");
    if (m_handshake.size() < whole)
        return State::More;
    const std::string_view defect = readBody(std::string_view(m_handshake).substr(handshakeHeader));
    if (!defect.empty())
        return breakOff(defect);
    m_handshake = {};
    return m_state = State::Complete;
}

std::string_view ClientHelloReader::readBody(std::string_view body)
{
    constexpr std::string_view malformed = "a malformed ClientHello";
    Reader reader(body);
    const uint16_t version = reader.number(2);
    reader.take(32); // random
    const std::string_view session = reader.vector(1);
    const std::string_view suites = reader.vector(2);
    const std::string_view compressions = reader.vector(1);
    if (!reader.isGood() || version >> 8 != 3 || session.size() > 32 || suites.empty() || suites.size() % 2 != 0 ||
        compressions.empty())
        return malformed;
    if (reader.isAtEnd()) // no extensions: allowed before TLS 1.3
        return {};
    const std::string_view extensions = reader.vector(2);
    return reader.isGood() && reader.isAtEnd() ? readExtensions(extensions) : malformed;
}

std::string_view ClientHelloReader::readExtensions(std::string_view extensions)
{
    Reader reader(extensions);
    std::vector<uint16_t> seen;
    while (!reader.isAtEnd()) {
        const uint16_t type = reader.number(2);
        const std::string_view data = reader.vector(2);
        if (!reader.isGood() || seen.size() >= maxExtensions)
            return "malformed extensions";
        if (std::ranges::contains(seen, type)) // RFC 8446, 4.2: each once
            return "an extension twice";
        seen.push_back(type);
        m_hello.hasEncryptedHello =
            m_hello.hasEncryptedHello || type == encryptedHelloExtension || type == oldEncryptedHello;
        if (type != serverNameExtension)
            continue;
        if (const std::string_view defect = readServerNames(data); !defect.empty())
            return defect;
    }
    return {};
}

std::string_view ClientHelloReader::readServerNames(std::string_view data)
{
    constexpr uint8_t hostName = 0;
    Reader outer(data);
    Reader list(outer.vector(2));
    const auto kind = static_cast<uint8_t>(list.number(1));
    const std::string_view name = list.vector(2);
    if (!outer.isGood() || !outer.isAtEnd() || !list.isGood())
        return "a malformed server name";
    if (!list.isAtEnd() || kind != hostName)
        return "more than one server name";
    m_hello.serverName = canonicalHostName(name);
    return m_hello.serverName.empty() ? "a server name that is no host name" : std::string_view();
}

} // namespace danube::guard
