// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/requestframer.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

constexpr int maxLeadingEmptyLines = 2; // RFC 9112, 2.2 asks to forgive one
constexpr qsizetype maxMethodLength = 32;

/// Headers that must not come twice: two parsers may pick different ones.
constexpr std::array singular{
    "host"_L1,   "content-length"_L1, "transfer-encoding"_L1, "authorization"_L1, "content-type"_L1,
    "expect"_L1, "range"_L1,          "if-range"_L1,          "last-event-id"_L1, "upgrade"_L1};

bool isTokenCharacter(char c)
{
    const bool isAlphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return isAlphanumeric || (c != '\0' && QByteArrayView("!#$%&'*+-.^_`|~").contains(c));
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isHostCharacter(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || QByteArrayView(".-_:[]%~").contains(c);
}

std::optional<protocol::Method> methodFromText(QByteArrayView text)
{
    using enum protocol::Method;
    for (const auto method : {Get, Head, Post, Put, Delete}) {
        if (protocol::toText(method) == text)
            return method;
    }
    return std::nullopt;
}

bool isHttpVersion(QByteArrayView text)
{
    return text.size() >= 6 && text.startsWith("HTTP/") && isDigit(text[5]);
}

} // namespace

const FramedRequest::Header *FramedRequest::find(QByteArrayView lowerCaseName) const
{
    const auto found = std::ranges::find_if(headers, [&](const Header &each) { return each.name == lowerCaseName; });
    return found == headers.end() ? nullptr : &*found;
}

QByteArray FramedRequest::header(QByteArrayView lowerCaseName) const
{
    const Header *found = find(lowerCaseName);
    return found ? found->value : QByteArray();
}

/// llhttp's way in; every one runs inside llhttp_execute.
struct RequestFramer::Callbacks
{
    static RequestFramer &self(llhttp_t *parser) { return *static_cast<RequestFramer *>(parser->data); }
    static bool isTrailer(const RequestFramer &framer) { return framer.m_state == State::Body; }

    static int onField(llhttp_t *parser, const char *at, size_t length)
    {
        self(parser).m_name.append(at, static_cast<qsizetype>(length));
        return onFieldBytes(parser, length);
    }
    static int onValue(llhttp_t *parser, const char *at, size_t length)
    {
        self(parser).m_value.append(at, static_cast<qsizetype>(length));
        return onFieldBytes(parser, length);
    }
    static int onFieldBytes(llhttp_t *parser, size_t length)
    {
        RequestFramer &framer = self(parser);
        if (!isTrailer(framer))
            return HPE_OK;
        framer.m_trailerBytes += static_cast<qsizetype>(length);
        const bool fits = framer.m_head.size() + framer.m_trailerBytes <= framer.m_limits.headBytes;
        return fits || framer.refuse(431, u"the trailers are too large"_s) ? HPE_OK : HPE_USER;
    }
    static int onHeaderComplete(llhttp_t *parser)
    {
        RequestFramer &framer = self(parser);
        const QByteArray name = std::exchange(framer.m_name, {}).toLower();
        const QByteArray value = std::exchange(framer.m_value, {}).trimmed();
        if (!isTrailer(framer))
            framer.m_request.headers.append({name, value});
        return HPE_OK;
    }
    static int onChunk(llhttp_t *parser)
    {
        RequestFramer &framer = self(parser);
        const auto room = static_cast<uint64_t>(framer.m_limits.bodyBytes - framer.m_request.body.size());
        return parser->content_length <= room || framer.refuse(413, u"the body is too large"_s) ? HPE_OK : -1;
    }
    static int onBody(llhttp_t *parser, const char *at, size_t length)
    {
        RequestFramer &framer = self(parser);
        if (framer.m_request.body.size() + static_cast<qsizetype>(length) > framer.m_limits.bodyBytes)
            return framer.refuse(413, u"the body is too large"_s) ? HPE_OK : HPE_USER;
        framer.m_request.body.append(at, static_cast<qsizetype>(length));
        return HPE_OK;
    }
    static int onMessage(llhttp_t *parser)
    {
        self(parser).m_messageDone = true;
        self(parser).m_request.keepAlive = llhttp_should_keep_alive(parser) != 0;
        return HPE_PAUSED; // what follows belongs to the next request
    }

    static const llhttp_settings_t *settings()
    {
        static const llhttp_settings_t value = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_header_field = onField;
            made.on_header_value = onValue;
            made.on_header_value_complete = onHeaderComplete;
            made.on_chunk_header = onChunk;
            made.on_body = onBody;
            made.on_message_complete = onMessage;
            return made;
        }();
        return &value;
    }
};

RequestFramer::RequestFramer(FramerLimits limits) : m_limits(limits)
{
    reset();
}

qsizetype RequestFramer::feed(QByteArrayView bytes)
{
    qsizetype used = 0;
    if (m_state == State::Idle || m_state == State::Head)
        used = feedHead(bytes);
    if (m_state == State::Body && used < bytes.size())
        used += feedBody(bytes.sliced(used));
    return used;
}

FramedRequest RequestFramer::take()
{
    Q_ASSERT(m_state == State::Complete);
    FramedRequest request = std::move(m_request);
    reset();
    return request;
}

void RequestFramer::reset()
{
    m_state = State::Idle;
    m_request = {};
    m_head.clear();
    m_lineStart = 0;
    m_lines = 0;
    m_emptyLines = 0;
    m_bodyWire = 0;
    m_trailerBytes = 0;
    m_messageDone = false;
    m_wantsContinue = false;
    llhttp_init(&m_parser, HTTP_REQUEST, Callbacks::settings());
    m_parser.data = this;
}

bool RequestFramer::refuse(int status, const QString &detail)
{
    if (m_state != State::Refused)
        m_refusal = {status, detail};
    m_state = State::Refused;
    return false;
}

qsizetype RequestFramer::feedHead(QByteArrayView bytes)
{
    m_state = State::Head;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (!acceptHeadByte(bytes[i]))
            return i + 1;
        if (m_state != State::Head) // the empty line came and the head was judged
            return i + 1;
    }
    if (m_head.isEmpty() && m_state == State::Head)
        m_state = State::Idle;
    return bytes.size();
}

bool RequestFramer::acceptHeadByte(char byte)
{
    const bool afterCr = m_head.endsWith('\r');
    if (byte == '\0')
        return refuse(400, u"NUL in the request head"_s);
    if (afterCr != (byte == '\n'))
        return refuse(400, afterCr ? u"CR without LF in the request head"_s : u"LF without CR in the request head"_s);
    if (m_lines == 0 && m_head.size() > m_limits.targetBytes + maxMethodLength)
        return refuse(414, u"the request line is longer than %1 bytes"_s.arg(m_limits.targetBytes));
    if (m_head.size() >= m_limits.headBytes)
        return refuse(431, u"the request head is larger than %1 bytes"_s.arg(m_limits.headBytes));
    m_head.append(byte);
    if (byte != '\n')
        return true;
    const qsizetype start = std::exchange(m_lineStart, m_head.size());
    return acceptLine(QByteArrayView(m_head).sliced(start, m_head.size() - start - 2));
}

bool RequestFramer::acceptLine(QByteArrayView line)
{
    if (!line.isEmpty()) {
        if (m_lines > 0 && (line.front() == ' ' || line.front() == '\t'))
            return refuse(400, u"a folded header line"_s);
        if (++m_lines == 1)
            return acceptRequestLine(line);
        return m_lines - 1 <= m_limits.headers ||
               refuse(431, u"the request has more than %1 headers"_s.arg(m_limits.headers));
    }
    if (m_lines > 0) {
        judgeHead();
        return m_state != State::Refused;
    }
    m_head.clear();
    m_lineStart = 0;
    return ++m_emptyLines <= maxLeadingEmptyLines || refuse(400, u"empty lines instead of a request"_s);
}

bool RequestFramer::acceptRequestLine(QByteArrayView line)
{
    const auto first = line.indexOf(' ');
    const auto second = first < 0 ? -1 : line.indexOf(' ', first + 1);
    if (second < 0)
        return refuse(400, u"the request line is not \"METHOD target HTTP/1.1\""_s);
    const auto method = line.first(first);
    const auto version = line.sliced(second + 1);
    m_request.isHttp10 = version == "HTTP/1.0";
    if (!m_request.isHttp10 && version != "HTTP/1.1")
        return isHttpVersion(version) && !version.contains(' ')
                   ? refuse(505, u"this port speaks HTTP/1 only"_s)
                   : refuse(400, u"the request line does not end with an HTTP version"_s);
    if (method.isEmpty() || !std::ranges::all_of(method, isTokenCharacter))
        return refuse(400, u"the method is malformed"_s);
    const auto known = methodFromText(method);
    if (!known)
        return refuse(501, u"the method is not implemented"_s);
    m_request.method = *known;
    return acceptTarget(line.sliced(first + 1, second - first - 1));
}

bool RequestFramer::acceptTarget(QByteArrayView target)
{
    if (target.size() > m_limits.targetBytes)
        return refuse(414, u"the request target is longer than %1 bytes"_s.arg(m_limits.targetBytes));
    if (!target.startsWith('/') || target.startsWith("//"))
        return refuse(400, u"the request target must be a path"_s);
    for (qsizetype i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\')
            return refuse(400, u"the request target holds a character that must be escaped"_s);
        if (c != '%')
            continue;
        if (i + 2 >= target.size() || !isHexDigit(target[i + 1]) || !isHexDigit(target[i + 2]))
            return refuse(400, u"the request target holds a broken percent escape"_s);
        if (target.sliced(i + 1, 2) == "00")
            return refuse(400, u"the request target holds an escaped NUL"_s);
    }
    m_request.target = target.toByteArray();
    return true;
}

void RequestFramer::judgeHead()
{
    const auto code = llhttp_execute(&m_parser, m_head.constData(), static_cast<size_t>(m_head.size()));
    judgeParser(code);
    if (m_state == State::Refused || !acceptHeaders() || !acceptBodyHeaders())
        return;
    m_state = m_messageDone ? State::Complete : State::Body;
}

qsizetype RequestFramer::feedBody(QByteArrayView bytes)
{
    m_wantsContinue = false; // the body is here, so nobody waits
    const auto code = llhttp_execute(&m_parser, bytes.data(), static_cast<size_t>(bytes.size()));
    judgeParser(code);
    if (m_state == State::Refused)
        return bytes.size();
    const qsizetype used = m_messageDone ? llhttp_get_error_pos(&m_parser) - bytes.data() : bytes.size();
    m_bodyWire += used;
    if (m_bodyWire > m_limits.headBytes + 9 * static_cast<qint64>(m_request.body.size()))
        refuse(400, u"the body is mostly chunk framing"_s);
    else if (m_messageDone)
        m_state = State::Complete;
    return used;
}

void RequestFramer::judgeParser(llhttp_errno_t code)
{
    const bool isPaused = code == HPE_PAUSED || code == HPE_PAUSED_UPGRADE;
    if (m_state == State::Refused || code == HPE_OK || (isPaused && m_messageDone))
        return;
    const char *reason = llhttp_get_error_reason(&m_parser);
    refuse(400, u"malformed HTTP: %1"_s.arg(QString::fromLatin1(reason ? reason : llhttp_errno_name(code))));
}

bool RequestFramer::acceptHeaders()
{
    for (const auto name : singular) {
        const auto sameName = [name](const auto &each) { return each.name == name; };
        if (std::ranges::count_if(m_request.headers, sameName) > 1)
            return refuse(400, u"the header %1 comes twice"_s.arg(name));
    }
    const auto *host = m_request.find("host");
    if (!host)
        return m_request.isHttp10 || refuse(400, u"the Host header is missing"_s);
    const bool isWellFormed = !host->value.isEmpty() && std::ranges::all_of(host->value, isHostCharacter);
    return isWellFormed || refuse(400, u"the Host header is malformed"_s);
}

bool RequestFramer::acceptBodyHeaders()
{
    const auto *coding = m_request.find("transfer-encoding");
    const auto *length = m_request.find("content-length");
    if (coding) {
        if (length || m_request.isHttp10)
            return refuse(400, u"Transfer-Encoding with Content-Length or HTTP/1.0"_s);
        if (coding->value.compare("chunked", Qt::CaseInsensitive) != 0)
            return refuse(501, u"the only transfer coding understood is chunked"_s);
    }
    if (length) {
        const QByteArray &value = length->value;
        if (value.isEmpty() || value.size() > 18 || !std::ranges::all_of(value, isDigit))
            return refuse(400, u"Content-Length is not a number"_s);
        if (value.toLongLong() > m_limits.bodyBytes)
            return refuse(413, u"the body is larger than %1 bytes"_s.arg(m_limits.bodyBytes));
    }
    const QByteArray expect = m_request.header("expect");
    if (!expect.isEmpty() && expect.compare("100-continue", Qt::CaseInsensitive) != 0)
        return refuse(417, u"the only expectation understood is 100-continue"_s);
    m_wantsContinue = !expect.isEmpty() && !m_request.isHttp10 && !m_messageDone;
    return true;
}

} // namespace danube::http
