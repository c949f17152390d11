// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/websocketcodec.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qsizetype maxHead = 64 << 10;
constexpr qsizetype maxBody = 64 << 10;
constexpr int switchingProtocols = 101;

QByteArray randomKey()
{
    QByteArray key(16, Qt::Uninitialized);
    for (char &each : key)
        each = static_cast<char>(QRandomGenerator::system()->generate());
    return key;
}

/// RFC 6455, 4.2.2: what proves that the server read our key.
QByteArray acceptOf(const QByteArray &encodedKey)
{
    const QByteArray text = encodedKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toBase64();
}

bool hasToken(const QByteArray &list, QByteArrayView token, Qt::CaseSensitivity sensitivity)
{
    const auto tokens = list.split(',');
    return std::ranges::any_of(tokens, [&](const QByteArray &each) {
        return QByteArrayView(each).trimmed().compare(token, sensitivity) == 0;
    });
}

bool isInformational(int status)
{
    return status >= 100 && status < 200 && status != switchingProtocols;
}

} // namespace

/// llhttp's way in; every one runs inside llhttp_execute or llhttp_finish.
struct WebSocketHandshake::Callbacks
{
    static WebSocketHandshake &self(llhttp_t *parser) { return *static_cast<WebSocketHandshake *>(parser->data); }

    static int onField(llhttp_t *parser, const char *at, size_t length)
    {
        if (!self(parser).m_isHeadComplete) // trailers tell nothing
            self(parser).m_name.append(at, static_cast<qsizetype>(length));
        return HPE_OK;
    }
    static int onValue(llhttp_t *parser, const char *at, size_t length)
    {
        if (!self(parser).m_isHeadComplete)
            self(parser).m_value.append(at, static_cast<qsizetype>(length));
        return HPE_OK;
    }
    static int onHeaderComplete(llhttp_t *parser)
    {
        self(parser).takeHeader();
        return HPE_OK;
    }
    static int onHeadComplete(llhttp_t *parser)
    {
        self(parser).m_isHeadComplete = true;
        return HPE_OK;
    }
    static int onBody(llhttp_t *parser, const char *at, size_t length)
    {
        WebSocketHandshake &handshake = self(parser);
        const auto room = maxBody - handshake.m_body.size();
        handshake.m_body.append(at, std::min(room, static_cast<qsizetype>(length)));
        if (handshake.m_body.size() < maxBody)
            return HPE_OK;
        handshake.m_isComplete = true;
        return HPE_PAUSED;
    }
    static int onMessage(llhttp_t *parser)
    {
        WebSocketHandshake &handshake = self(parser);
        if (isInformational(parser->status_code)) {
            handshake.m_head = {};
            handshake.m_isHeadComplete = false; // the answer itself follows
            return HPE_OK;
        }
        handshake.m_isComplete = true;
        return parser->status_code == switchingProtocols ? HPE_OK : HPE_PAUSED;
    }

    static const llhttp_settings_t *settings()
    {
        static const llhttp_settings_t value = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_header_field = onField;
            made.on_header_value = onValue;
            made.on_header_value_complete = onHeaderComplete;
            made.on_headers_complete = onHeadComplete;
            made.on_body = onBody;
            made.on_message_complete = onMessage;
            return made;
        }();
        return &value;
    }
};

WebSocketHandshake::WebSocketHandshake(const Settings &settings) : m_subprotocols(settings.subprotocols)
{
    const QByteArray key = (settings.key.isEmpty() ? randomKey() : settings.key).toBase64();
    m_accept = acceptOf(key);
    m_request =
        "GET " + settings.target + " HTTP/1.1\r\nHost: " + settings.host +
        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key +
        "\r\n";
    if (!m_subprotocols.isEmpty())
        m_request += "Sec-WebSocket-Protocol: " + m_subprotocols + "\r\n";
    for (const QByteArray &header : settings.headers)
        m_request += header + "\r\n";
    m_request += "\r\n";
    llhttp_init(&m_parser, HTTP_RESPONSE, Callbacks::settings());
}

Result<std::optional<WebSocketHandshake::Answer>> WebSocketHandshake::feed(QByteArrayView bytes, bool ended)
{
    if (!m_isHeadComplete) {
        if (auto head = feedHead(&bytes); !head)
            return std::unexpected(head.error());
    }
    if (m_isHeadComplete && !m_isComplete) {
        const auto code = execute(&bytes);
        // The body is for people: a torn one is given as far as it came.
        m_isComplete = m_isComplete || ended || code != HPE_OK;
    }
    if (m_isComplete) {
        m_rest = bytes.toByteArray();
        return answer();
    }
    if (ended)
        return fail(ErrorCode::Unavailable, u"the server closed the connection before it answered"_s);
    return std::nullopt;
}

/// Feeds the head only, so that its size is exact; leaves in `bytes` what follows.
Result<void> WebSocketHandshake::feedHead(QByteArrayView *bytes)
{
    while (!bytes->isEmpty() && !m_isHeadComplete) {
        QByteArrayView part = bytes->first(std::min(bytes->size(), maxHead - m_headBytes));
        const qsizetype size = part.size();
        const auto code = execute(&part);
        m_headBytes += size - part.size();
        *bytes = bytes->sliced(size - part.size());
        const bool mayGoOn = code == HPE_OK || m_isComplete;
        if (!mayGoOn && !m_isHeadComplete)
            return fail(ErrorCode::Protocol,
                        u"the answer is no HTTP: %1"_s.arg(QLatin1StringView(llhttp_get_error_reason(&m_parser))));
        if (!m_isHeadComplete && m_headBytes >= maxHead)
            return fail(ErrorCode::Protocol, u"the head of the answer is larger than 64 KiB"_s);
        if (!mayGoOn) {
            m_isComplete = true; // a head that is whole, and then no body that could be read
            return {};
        }
    }
    return {};
}

/// Runs the parser; leaves in `bytes` what it did not use.
llhttp_errno_t WebSocketHandshake::execute(QByteArrayView *bytes)
{
    m_parser.data = this; // the object may have moved
    const auto code = llhttp_execute(&m_parser, bytes->data(), static_cast<size_t>(bytes->size()));
    if (code == HPE_OK) {
        *bytes = {};
        return code;
    }
    const char *position = llhttp_get_error_pos(&m_parser);
    const qsizetype used = position ? position - bytes->data() : 0;
    *bytes = bytes->sliced(std::clamp<qsizetype>(used, 0, bytes->size()));
    return code;
}

void WebSocketHandshake::takeHeader()
{
    const QByteArray name = std::exchange(m_name, {}).toLower();
    const QByteArray value = std::exchange(m_value, {}).trimmed();
    const std::array known{
        std::pair{"upgrade"_L1, &m_head.upgrade},
        std::pair{"connection"_L1, &m_head.connection},
        std::pair{"sec-websocket-accept"_L1, &m_head.accept},
        std::pair{"sec-websocket-protocol"_L1, &m_head.subprotocol},
        std::pair{"sec-websocket-extensions"_L1, &m_head.extensions},
        std::pair{"retry-after"_L1, &m_head.retryAfter},
    };
    for (const auto &[key, target] : known) {
        if (name == key)
            *target = target->isEmpty() ? value : *target + ", " + value; // twice with one meaning: a list
    }
}

Result<std::optional<WebSocketHandshake::Answer>> WebSocketHandshake::answer() const
{
    if (m_parser.status_code == switchingProtocols)
        return upgraded();
    return Answer(UpgradeRefused{m_parser.status_code, m_head.retryAfter, m_body});
}

Result<std::optional<WebSocketHandshake::Answer>> WebSocketHandshake::upgraded() const
{
    if (!hasToken(m_head.upgrade, "websocket", Qt::CaseInsensitive) ||
        !hasToken(m_head.connection, "upgrade", Qt::CaseInsensitive))
        return fail(ErrorCode::Protocol, u"the server switched to something else than a WebSocket"_s);
    if (m_head.accept != m_accept)
        return fail(ErrorCode::Protocol, u"the server's Sec-WebSocket-Accept does not fit the key"_s);
    if (!m_head.extensions.isEmpty())
        return fail(ErrorCode::Protocol, u"the server uses a WebSocket extension that was not asked for"_s);
    const QByteArray &chosen = m_head.subprotocol;
    if (!chosen.isEmpty() && !hasToken(m_subprotocols, chosen, Qt::CaseSensitive))
        return fail(ErrorCode::Protocol,
                    u"the server chose the subprotocol %1, which was not asked for"_s.arg(QString::fromLatin1(chosen)));
    return Answer(Upgraded{chosen});
}

} // namespace danube::kube
