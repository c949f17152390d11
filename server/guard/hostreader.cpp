// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/hostreader.h"

#include "server/guard/hostname.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace danube::guard {
namespace {

bool isToken(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        const bool isAlphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return isAlphanumeric || std::string_view("!#$%&'*+-.^_`|~").contains(c);
    });
}

/// RFC 9110, 5.5: visible, blank, tab, and bytes above ASCII.
bool isFieldValue(std::string_view text)
{
    return std::ranges::all_of(text,
                               [](char c) { return (static_cast<uint8_t>(c) >= 0x20 && c != 0x7f) || c == '\t'; });
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isEqual(std::string_view text, std::string_view lowerCase)
{
    return std::ranges::equal(text, lowerCase, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
}

/// Digits only, so no sign and no blanks; 18 of them never overflow.
std::optional<uint64_t> numberOf(std::string_view digits, int base)
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, base);
    const bool isWhole = error == std::errc() && end == digits.end() && digits.size() <= (base == 16 ? 15 : 18);
    return isWhole ? std::optional(value) : std::nullopt;
}

struct Authority
{
    std::string host; ///< canonical; empty: no name
    std::optional<uint64_t> port;
    bool isGood = true;
};

Authority authorityOf(std::string_view text)
{
    const auto colon = text.find(':');
    Authority authority{canonicalHostName(text.substr(0, colon)), {}, true};
    if (colon != std::string_view::npos) {
        authority.port = numberOf(text.substr(colon + 1), 10);
        authority.isGood = authority.port.has_value();
    }
    return authority;
}

} // namespace

bool HostReader::refuse(std::string_view defect)
{
    m_defect = defect;
    return false;
}

bool HostReader::feed(std::string_view bytes, std::string &out)
{
    while (!isRefused() && !bytes.empty()) {
        size_t taken = 0;
        switch (m_state) {
        case State::Head:
            taken = takeHead(bytes, out);
            break;
        case State::Body:
        case State::ChunkData:
            taken = takeBody(bytes, out);
            break;
        case State::ChunkSize:
        case State::ChunkEnd:
        case State::Trailers:
            taken = takeLine(bytes, out);
            break;
        }
        bytes.remove_prefix(taken);
    }
    return !isRefused();
}

size_t HostReader::takeHead(std::string_view bytes, std::string &out)
{
    constexpr std::string_view end = "\r\n\r\n";
    const size_t before = m_head.size();
    m_head += bytes.substr(0, maxHead + 1 - before);
    const size_t found = m_head.find(end, before < end.size() ? 0 : before - end.size() + 1);
    if (found == std::string::npos) {
        if (m_head.size() > maxHead)
            refuse("a request head that is too long");
        else if (!isToken(std::string_view(m_head).substr(0, 1)))
            refuse("no HTTP request");
        return m_head.size() - before;
    }
    m_head.resize(found + end.size());
    const size_t taken = m_head.size() - before;
    if (judgeHead()) {
        m_hasPassed = true;
        out += m_head;
        m_head.clear();
    }
    return taken;
}

bool HostReader::judgeHead()
{
    std::string_view rest = m_head;
    Framing framing;
    bool isHttp10 = false;
    m_host.clear();
    m_targetHost.clear();
    for (bool isFirst = true; rest.size() > 2; isFirst = false) {
        const auto end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (!(isFirst ? judgeRequestLine(line, isHttp10) : judgeHeader(line, framing)))
            return false;
    }
    if (framing.hosts != 1)
        return refuse(framing.hosts == 0 ? "a request without a Host" : "a request with two Hosts");
    if (framing.hasLength && framing.isChunked)
        return refuse("Content-Length beside Transfer-Encoding");
    if (framing.isChunked && isHttp10)
        return refuse("Transfer-Encoding in HTTP/1.0");
    if (!m_targetHost.empty() && m_targetHost != m_host)
        return refuse("a target that names another host than Host");
    if (!m_expected.empty() && m_host != m_expected)
        return refuse("another Host than the address is of");
    m_left = framing.length;
    m_state = framing.isChunked ? State::ChunkSize : framing.length > 0 ? State::Body : State::Head;
    return true;
}

bool HostReader::judgeRequestLine(std::string_view line, bool &isHttp10)
{
    const auto space = line.find(' ');
    const std::string_view method = line.substr(0, space);
    if (space == std::string_view::npos || !isToken(method))
        return refuse("no HTTP request");
    line.remove_prefix(space + 1);
    const std::string_view target = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), target.size() + 1));
    isHttp10 = line == "HTTP/1.0";
    if (!isHttp10 && line != "HTTP/1.1")
        return refuse("no HTTP/1 request");
    if (!std::ranges::all_of(target, [](char c) { return static_cast<uint8_t>(c) > 0x20 && c != 0x7f; }))
        return refuse("a malformed target");
    if (method == "CONNECT")
        return refuse("CONNECT");
    if (target.starts_with('/') || (target == "*" && method == "OPTIONS"))
        return true;
    constexpr std::string_view scheme = "http://";
    if (!isEqual(target.substr(0, scheme.size()), scheme))
        return refuse("a target of another form");
    const auto rest = target.substr(scheme.size());
    const Authority authority = authorityOf(rest.substr(0, rest.find_first_of("/?#")));
    if (!authority.isGood || authority.host.empty() || authority.port.value_or(m_port) != m_port)
        return refuse("a target of another place");
    m_targetHost = authority.host;
    return true;
}

bool HostReader::judgeHeader(std::string_view line, Framing &framing)
{
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !isToken(name) || !isFieldValue(line.substr(colon + 1)))
        return refuse("a malformed header");
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (isEqual(name, "host"))
        return ++framing.hosts > 1 || takeHost(value);
    if (isEqual(name, "upgrade"))
        return refuse("Upgrade");
    if (isEqual(name, "content-length")) {
        const auto length = numberOf(value, 10);
        if (!length || framing.hasLength)
            return refuse("a Content-Length that is none, or two");
        framing.length = *length;
        framing.hasLength = true;
    }
    if (isEqual(name, "transfer-encoding")) {
        if (framing.isChunked || !isEqual(value, "chunked"))
            return refuse("a Transfer-Encoding but chunked");
        framing.isChunked = true;
    }
    return true;
}

bool HostReader::takeHost(std::string_view value)
{
    const Authority authority = authorityOf(value);
    if (!authority.isGood || authority.host.empty() || authority.port.value_or(m_port) != m_port)
        return refuse("a Host that is no name, or of another port");
    m_host = authority.host;
    return true;
}

size_t HostReader::takeBody(std::string_view bytes, std::string &out)
{
    const auto taken = static_cast<size_t>(std::min<uint64_t>(bytes.size(), m_left));
    out += bytes.substr(0, taken);
    m_left -= taken;
    if (m_left == 0)
        m_state = m_state == State::Body ? State::Head : State::ChunkEnd;
    return taken;
}

/// Lines are judged whole and then sent on.
size_t HostReader::takeLine(std::string_view bytes, std::string &out)
{
    const auto newline = bytes.find('\n');
    const std::string_view part = bytes.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    m_line += part.substr(0, maxLine + 1 - std::min(maxLine, m_line.size()));
    if (m_line.size() > maxLine) {
        refuse("a chunk's line that is too long");
        return part.size();
    }
    if (newline == std::string_view::npos)
        return part.size();
    const bool hasEnd = m_line.ends_with("\r\n");
    if (!hasEnd)
        refuse("a bare line feed");
    else if (judgeChunkLine(std::string_view(m_line).substr(0, m_line.size() - 2)))
        out += m_line;
    m_line.clear();
    return part.size();
}

bool HostReader::judgeChunkLine(std::string_view line)
{
    if (!isFieldValue(line))
        return refuse("a malformed line in a chunked body");
    if (m_state == State::ChunkEnd) {
        m_state = State::ChunkSize;
        return line.empty() || refuse("a chunk that is longer than it said");
    }
    if (m_state == State::Trailers) {
        m_trailers += line.size();
        if (m_trailers > maxLine)
            return refuse("trailers that are too long");
        if (line.empty())
            m_state = State::Head;
        return line.empty() || (line.contains(':') && isToken(line.substr(0, line.find(':')))) ||
               refuse("a malformed trailer");
    }
    const auto size = numberOf(line.substr(0, line.find(';')), 16);
    if (!size)
        return refuse("a chunk size that is none");
    m_left = *size;
    m_trailers = 0;
    m_state = *size == 0 ? State::Trailers : State::ChunkData;
    return true;
}

} // namespace danube::guard
