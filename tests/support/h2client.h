// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>
#include <QTcpSocket>

#include <nghttp2/nghttp2.h>

#include <deque>
#include <functional>
#include <map>

namespace danube::tests {

struct H2Answer
{
    int status = 0; ///< 0 until the header list came
    QMap<QByteArray, QByteArray> headers;
    QByteArray body = {};
    qint64 bodySize = 0;    ///< also when the body is not kept
    bool isWhole = false;   ///< END_STREAM came
    bool isClosed = false;  ///< whole, or reset
    uint32_t errorCode = 0; ///< of a reset
};

struct H2Request
{
    QByteArray method = "POST";
    QByteArray target = {};
    QByteArray token = {}; ///< empty = no Authorization
    std::vector<std::pair<QByteArray, QByteArray>> headers = {};
    QByteArray body = {};
    std::function<QByteArray(qsizetype)> more = {}; ///< bytes after `body`, at most so many; empty = the end
    bool endsBody = true;                           ///< false: the body stays open, see H2ClientSession::finishBody
};

/// The client side of one HTTP/2 connection, without a socket: the counterpart of rpc::H2Session for tests.
class H2ClientSession
{
public:
    H2ClientSession();
    ~H2ClientSession();
    H2ClientSession(const H2ClientSession &) = delete;
    H2ClientSession &operator=(const H2ClientSession &) = delete;

    int32_t send(H2Request request); ///< the stream; negative when no more can be opened
    void finishBody(int32_t stream);
    void reset(int32_t stream, uint32_t errorCode = NGHTTP2_CANCEL);
    void ping();
    /// Stops giving flow control back for answers.
    void stopReading() { m_consumes = false; }
    bool feed(QByteArrayView bytes); ///< false: the server broke the protocol
    QByteArray takeOutput(qsizetype enough = 256 * 1024);

    const H2Answer &answer(int32_t stream) const { return m_answers.at(stream); }
    bool keepsBodies = true;
    std::optional<uint32_t> goawayCode() const { return m_goaway; }
    int pings() const { return m_pings; } ///< that the server sent
    nghttp2_session *handle() { return m_session; }

private:
    struct Callbacks;
    nghttp2_session *m_session = nullptr;
    std::map<int32_t, H2Answer> m_answers;
    std::map<int32_t, H2Request> m_requests;
    std::optional<uint32_t> m_goaway;
    int m_pings = 0;
    bool m_consumes = true;
};

/// An H2ClientSession on a real socket; waits spin the caller's event loop, always with a deadline.
class H2Client : public QObject
{
    Q_OBJECT
public:
    explicit H2Client(quint16 port);
    int32_t send(H2Request request);
    /// Sends and waits for the whole answer; a default one when the time is up.
    H2Answer call(H2Request request, std::chrono::milliseconds timeout = std::chrono::seconds(10));
    bool waitFor(int32_t stream, std::chrono::milliseconds timeout = std::chrono::seconds(10));
    void pump(); ///< writes what the session has to say
    void cut();  ///< closes at once
    H2ClientSession session;
    QTcpSocket socket;
};

} // namespace danube::tests
