// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace danube::guard {

/// Reads the requests that a client sends on a plain HTTP/1.x connection (RFC 9112) and lets only those pass whose Host
/// is the expected name: every request of a kept-alive connection, not only the first. Strict where servers differ
/// (Content-Length beside Transfer-Encoding or twice, codings but chunked, folded lines, bare CR or LF, blanks before a
/// colon, several Hosts, a target that names another host), so that no server sees other requests than the guard did.
/// CONNECT and Upgrade are refused: what follows them has no Host. Pure.
class HostReader
{
public:
    static constexpr size_t maxHead = 32 << 10; ///< bytes of request line and headers
    static constexpr size_t maxLine = 8 << 10;  ///< of a chunk's size or of a trailer

    /// `host` in canonical form; empty: any (audit), it is only read. A port in a Host must be `port`.
    HostReader(std::string host, uint16_t port) : m_expected(std::move(host)), m_port(port) {}

    /// Appends what may be sent on to `out`; an unfinished head is held back. False: refused, for good.
    bool feed(std::string_view bytes, std::string &out);
    bool isRefused() const { return !m_defect.empty(); }
    std::string_view defect() const { return m_defect; } ///< a few words
    /// The Host of the last complete head, canonical; also when it was refused because of that. Empty: none yet.
    const std::string &host() const { return m_host; }
    bool hasPassedAHead() const { return m_hasPassed; }

private:
    enum class State { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailers };
    struct Framing
    {
        bool hasLength = false;
        uint64_t length = 0;
        bool isChunked = false;
        int hosts = 0;
    };
    bool refuse(std::string_view defect);
    size_t takeHead(std::string_view bytes, std::string &out);
    size_t takeBody(std::string_view bytes, std::string &out);
    size_t takeLine(std::string_view bytes, std::string &out);
    bool judgeHead();
    bool judgeRequestLine(std::string_view line, bool &isHttp10);
    bool judgeHeader(std::string_view line, Framing &framing);
    bool judgeChunkLine(std::string_view line);
    bool takeHost(std::string_view value);

    std::string m_expected;
    uint16_t m_port;
    State m_state = State::Head;
    std::string_view m_defect;
    std::string m_head;
    std::string m_line; // of a chunk's size or of a trailer
    size_t m_trailers = 0;
    uint64_t m_left = 0; // of a body or chunk
    std::string m_host;
    std::string m_targetHost; // of an absolute target
    bool m_hasPassed = false;
};

} // namespace danube::guard
