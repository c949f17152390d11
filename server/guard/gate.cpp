// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/gate.h"

#include <algorithm>
#include <array>

namespace danube::guard {
namespace {

constexpr size_t maxHello = 256 << 10; // a hello in small records has many times its size
constexpr char tlsHandshake = 22;

/// Of RFC 9110 and 5789, and what WebDAV's clients use most; "PRI" begins HTTP/2 without TLS, which the reader refuses.
constexpr std::array<std::string_view, 17> methods{"GET ",      "HEAD ", "POST ",   "PUT ",  "DELETE ",   "OPTIONS ",
                                                   "TRACE ",    "PATCH", "CONNECT", "PRI ",  "PROPFIND ", "REPORT ",
                                                   "PROPPATCH", "MKCOL", "COPY ",   "MOVE ", "LOCK "};

enum class Likeness { No, Maybe, Yes };
Likeness likenessToHttp(std::string_view bytes)
{
    Likeness likeness = Likeness::No;
    for (const std::string_view method : methods) {
        const size_t common = std::min(method.size(), bytes.size());
        if (bytes.substr(0, common) != method.substr(0, common))
            continue;
        if (common == method.size())
            return Likeness::Yes;
        likeness = Likeness::Maybe;
    }
    return likeness;
}

} // namespace

Speech speechOf(uint16_t port)
{
    return port == 443 ? Speech::Tls : port == 80 ? Speech::Http : Speech::Any;
}

Gate::Gate(std::string name, uint16_t port, Speech speech, EncryptedHello encryptedHello)
    : m_name(std::move(name)), m_speech(speech), m_encryptedHello(encryptedHello), m_requests(m_name, port)
{}

Gate::State Gate::shut(std::string_view reason)
{
    m_reason = reason;
    return m_state = State::Shut;
}

Gate::State Gate::feed(std::string_view bytes)
{
    if (m_state != State::More || bytes.empty())
        return m_state;
    const bool isFirst = !std::exchange(m_hasHeard, true);
    m_raw += bytes;
    const Speech speech = isFirst && m_speech == Speech::Any && bytes[0] == tlsHandshake ? Speech::Tls : m_speech;
    if (speech == Speech::Free)
        return m_state = State::Open;
    if (m_isTls || speech == Speech::Tls)
        return judgeTls(bytes);
    if (m_isHttp || speech == Speech::Http)
        return judgeHttp(bytes);
    switch (likenessToHttp(m_raw)) {
    case Likeness::Maybe:
        return m_state;
    case Likeness::Yes:
        return judgeHttp(m_raw);
    case Likeness::No:
        break;
    }
    return m_state = State::Open;
}

Gate::State Gate::judgeTls(std::string_view bytes)
{
    m_isTls = true;
    switch (m_hello.feed(bytes)) {
    case ClientHelloReader::State::More:
        return m_raw.size() > maxHello ? shut("a TLS hello that is too long") : m_state;
    case ClientHelloReader::State::Broken:
        return shut(m_hello.defect());
    case ClientHelloReader::State::Complete:
        break;
    }
    const ClientHello &hello = m_hello.hello();
    m_namedHost = hello.serverName;
    if (hello.serverName.empty())
        return shut("a TLS hello without a server name");
    if (hello.serverName != m_name)
        return shut("another server name than the address is of");
    if (hello.hasEncryptedHello && m_encryptedHello == EncryptedHello::Refuse)
        return shut("an encrypted hello, which may hide another name");
    return m_state = State::Open;
}

Gate::State Gate::judgeHttp(std::string_view bytes)
{
    m_isHttp = true;
    const bool isGood = m_requests.feed(bytes, m_passed);
    m_namedHost = m_requests.host();
    if (!isGood)
        return shut(m_requests.defect());
    if (m_requests.hasPassedAHead())
        m_state = State::Open;
    return m_state;
}

void Gate::serverSpoke()
{
    if (m_state == State::More && !m_hasHeard && mayServerSpeakFirst())
        m_state = State::Open;
}

std::string Gate::takePassed()
{
    std::string raw = std::exchange(m_raw, {});
    return m_isHttp ? std::exchange(m_passed, {}) : raw;
}

std::string Gate::refusal() const
{
    constexpr std::string_view accessDenied("\x15\x03\x03\x00\x02\x02\x31", 7); // RFC 8446, 6: fatal, access_denied
    if (m_isTls || m_speech == Speech::Tls)
        return std::string(accessDenied);
    if (!m_isHttp && m_speech != Speech::Http)
        return {};
    const std::string text = "danube-guard: refused: " + std::string(m_reason) + "\n";
    return "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " +
           std::to_string(text.size()) + "\r\n\r\n" + text;
}

} // namespace danube::guard
