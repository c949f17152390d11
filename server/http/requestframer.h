// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/routes.h"

#include <llhttp.h>

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace danube::http {

struct FramerLimits
{
    qsizetype targetBytes = 8 << 10; ///< path and query; more is 414
    qsizetype headBytes = 32 << 10;  ///< request line, headers and trailers; more is 431
    int headers = 100;               ///< more is 431
    qsizetype bodyBytes = 1 << 20;   ///< after unchunking; more is 413
};

/// One judged request. There is one reading of it only: what llhttp and the checks below agree on.
struct FramedRequest
{
    struct Header
    {
        QByteArray name; ///< lower case
        QByteArray value;
    };
    protocol::Method method = protocol::Method::Get;
    QByteArray target; ///< origin form, "/path?query", printable ASCII, well-formed percent escapes, no %00
    QList<Header> headers;
    QByteArray body; ///< decoded
    bool keepAlive = false;
    bool isHttp10 = false;

    const Header *find(QByteArrayView lowerCaseName) const; ///< the first of the name, or nullptr
    QByteArray header(QByteArrayView lowerCaseName) const;  ///< its value; empty when absent
};

/// Why a connection is ended instead of answered.
struct Refusal
{
    int status = 400;
    QString detail;
};

/// Strict HTTP/1.1 request framing (RFC 9112), sans-IO: feed() bytes as they come, in any pieces. Refuses all that two
/// parsers could read in two ways: Content-Length with Transfer-Encoding or twice, codings other than chunked, folded
/// headers, bare CR or LF, NUL, no or several Host, absolute targets, HTTP/0.9 and HTTP/2. After a refusal the
/// connection is lost; nothing more is read from it. Not thread-safe.
class RequestFramer
{
public:
    enum class State {
        Idle,     ///< no byte of a request yet
        Head,     ///< request line or headers unfinished
        Body,     ///< head is judged, body unfinished
        Complete, ///< take() it; feed() consumes nothing before
        Refused,
    };

    explicit RequestFramer(FramerLimits limits = {});
    RequestFramer(const RequestFramer &) = delete;
    RequestFramer &operator=(const RequestFramer &) = delete;

    /// How many bytes were used: all, unless a request became complete or refused.
    qsizetype feed(QByteArrayView bytes);
    State state() const { return m_state; }
    /// True once per request: the client waits for "100 Continue" and the head is in order.
    bool takeContinue() { return std::exchange(m_wantsContinue, false); }
    FramedRequest take(); ///< State::Complete only; back to Idle
    const Refusal &refusal() const { return m_refusal; }
    qsizetype bodyBytes() const { return m_request.body.size(); } ///< of the request under way
    void forget() { m_request = {}; }                             ///< nobody will feed or take any more

private:
    struct Callbacks;
    qsizetype feedHead(QByteArrayView bytes);
    qsizetype feedBody(QByteArrayView bytes);
    bool acceptHeadByte(char byte);
    bool acceptLine(QByteArrayView line);
    bool acceptRequestLine(QByteArrayView line);
    bool acceptTarget(QByteArrayView target);
    void judgeHead();
    bool acceptHeaders();
    bool acceptBodyHeaders();
    void judgeParser(llhttp_errno_t code);
    bool refuse(int status, const QString &detail);
    void reset();

    FramerLimits m_limits;
    State m_state = State::Idle;
    Refusal m_refusal;
    FramedRequest m_request;
    QByteArray m_head;
    qsizetype m_lineStart = 0;
    int m_lines = 0; ///< of the head, with content
    int m_emptyLines = 0;
    qint64 m_bodyWire = 0; ///< bytes of body and its chunk framing
    qsizetype m_trailerBytes = 0;
    QByteArray m_name;
    QByteArray m_value;
    bool m_messageDone = false;
    bool m_wantsContinue = false;
    llhttp_t m_parser{};
};

} // namespace danube::http
