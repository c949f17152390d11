// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrlQuery>

#include <nghttp2/nghttp2.h>

#include <map>

namespace danube::tests {

/// An HTTP/2 server with prior knowledge whose every answer, also none at all, is scripted by the test.
class FakeRpcServer : public QObject
{
public:
    struct Request
    {
        QByteArray method;
        QByteArray path; ///< without query
        QUrlQuery query;
        QByteArray authorization;
        QByteArray body;
        QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
        QString parameter(const char *name) const
        {
            return query.queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
        }
    };
    enum class Act {
        Answer,
        Drop,        ///< the connection ends without an answer
        DropMiddle,  ///< … in the middle of the answer's body
        Silence,     ///< nothing, and pings stay unanswered, too
        Refuse,      ///< RST_STREAM REFUSED_STREAM
        GoAwayFirst, ///< GOAWAY, then the answer
        Later,       ///< answered by release()
    };
    struct Reply
    {
        int status = 200;
        QByteArray body = "{}";
        QByteArray retryAfter{};
        Act act = Act::Answer;
    };

    FakeRpcServer()
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] { accept(); });
        listen(0);
    }
    ~FakeRpcServer() override { dropAll(); }

    std::function<Reply(const Request &)> handler = [](const Request &) { return Reply{}; };
    /// Called as a body comes in; false drops the connection.
    std::function<bool(const Request &)> receiving = [](const Request &) { return true; };
    QList<Request> requests; ///< complete ones, in order
    int connections = 0;

    quint16 port() const { return m_port; }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    bool listen(quint16 port)
    {
        const bool bound = m_server.listen(QHostAddress::LocalHost, port);
        m_port = m_server.serverPort();
        return bound;
    }
    void stop()
    {
        m_server.close();
        dropAll();
    }
    void dropAll()
    {
        for (auto &peer : std::exchange(m_peers, {}))
            peer->socket->abort();
    }
    /// Answers everything that was kept by Act::Later.
    void release()
    {
        for (auto &peer : m_peers) {
            for (const int32_t stream : std::exchange(peer->kept, {}))
                submit(*peer, stream, Reply{200, peer->replies[stream], {}, Act::Answer});
            flush(*peer);
        }
    }

private:
    struct Peer
    {
        FakeRpcServer *server = nullptr;
        QTcpSocket *socket = nullptr;
        nghttp2_session *session = nullptr;
        std::map<int32_t, Request> requests;
        std::map<int32_t, QByteArray> replies;
        std::map<int32_t, qsizetype> offsets;
        QList<int32_t> kept;
        bool dead = false;
        bool mute = false;
        bool dropWhenSent = false;
        ~Peer()
        {
            nghttp2_session_del(session);
            socket->disconnect();
            socket->deleteLater();
        }
    };

    void accept()
    {
        while (auto *socket = m_server.nextPendingConnection()) {
            ++connections;
            auto peer = std::make_shared<Peer>();
            peer->server = this;
            peer->socket = socket;
            socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
            makeSession(*peer);
            m_peers.push_back(peer);
            connect(socket, &QTcpSocket::readyRead, this, [this, known = std::weak_ptr(peer)] {
                if (const auto alive = known.lock())
                    read(alive);
            });
            read(peer);
        }
    }

    static void makeSession(Peer &peer)
    {
        nghttp2_session_callbacks *callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
        nghttp2_session_server_new(&peer.session, callbacks, &peer);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(peer.session, NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    void read(const std::shared_ptr<Peer> &peer)
    {
        const auto bytes = peer->socket->readAll();
        if (peer->mute || peer->dead)
            return;
        nghttp2_session_mem_recv2(peer->session, reinterpret_cast<const uint8_t *>(bytes.constData()),
                                  static_cast<size_t>(bytes.size()));
        if (peer->mute)
            return;
        if (peer->dead)
            return drop(peer.get());
        flush(*peer);
        if (peer->dropWhenSent)
            drop(peer.get());
    }

    void drop(Peer *peer)
    {
        peer->dead = true;
        peer->socket->flush();
        peer->socket->abort();
        std::erase_if(m_peers, [peer](const auto &known) { return known.get() == peer; });
    }

    static void flush(Peer &peer)
    {
        const uint8_t *bytes = nullptr;
        for (auto length = nghttp2_session_mem_send2(peer.session, &bytes); length > 0;
             length = nghttp2_session_mem_send2(peer.session, &bytes))
            peer.socket->write(reinterpret_cast<const char *>(bytes), length);
        if (peer.dropWhenSent) {
            while (peer.socket->bytesToWrite() > 0 && peer.socket->waitForBytesWritten(1000)) {
            }
        }
    }

    static Peer &peerOf(void *user) { return *static_cast<Peer *>(user); }

    static int onHeader(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t nameLength,
                        const uint8_t *value, size_t valueLength, uint8_t, void *user)
    {
        auto &request = peerOf(user).requests[frame->hd.stream_id];
        const QByteArray key(reinterpret_cast<const char *>(name), static_cast<qsizetype>(nameLength));
        const QByteArray text(reinterpret_cast<const char *>(value), static_cast<qsizetype>(valueLength));
        if (key == ":method")
            request.method = text;
        if (key == "authorization")
            request.authorization = text;
        if (key == ":path") {
            request.path = text.split('?').first();
            request.query = QUrlQuery(QString::fromLatin1(text.mid(request.path.size() + 1)));
        }
        return 0;
    }

    static int onData(nghttp2_session *, uint8_t, int32_t stream, const uint8_t *bytes, size_t length, void *user)
    {
        auto &peer = peerOf(user);
        auto &request = peer.requests[stream];
        request.body.append(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(length));
        if (!peer.dead && !peer.server->receiving(request))
            peer.dead = true;
        return 0;
    }

    static int onFrame(nghttp2_session *, const nghttp2_frame *frame, void *user)
    {
        const bool carriesEnd = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (carriesEnd && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
            peerOf(user).server->answer(peerOf(user), frame->hd.stream_id);
        return 0;
    }

    void answer(Peer &peer, int32_t stream)
    {
        requests.append(peer.requests[stream]);
        const auto reply = handler(requests.last());
        switch (reply.act) {
        case Act::Drop:
            peer.dead = true;
            return;
        case Act::Silence:
            peer.mute = true;
            return;
        case Act::Refuse:
            nghttp2_submit_rst_stream(peer.session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_REFUSED_STREAM);
            return;
        case Act::Later:
            peer.kept.append(stream);
            peer.replies[stream] = reply.body;
            return;
        case Act::GoAwayFirst:
            nghttp2_submit_goaway(peer.session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR, nullptr, 0);
            submit(peer, stream, reply);
            return;
        case Act::DropMiddle:
            peer.dropWhenSent = true;
            [[fallthrough]];
        case Act::Answer:
            submit(peer, stream, reply);
            return;
        }
    }

    static void submit(Peer &peer, int32_t stream, const Reply &reply)
    {
        const auto status = QByteArray::number(reply.status);
        const QByteArray json = "application/json";
        const auto header = [](const char *name, const QByteArray &value) {
            const auto bytes = [](const char *text) { return reinterpret_cast<uint8_t *>(const_cast<char *>(text)); };
            return nghttp2_nv{bytes(name), bytes(value.constData()), qstrlen(name), static_cast<size_t>(value.size()),
                              NGHTTP2_NV_FLAG_NONE};
        };
        std::vector<nghttp2_nv> headers{header(":status", status), header("content-type", json)};
        if (!reply.retryAfter.isEmpty())
            headers.push_back(header("retry-after", reply.retryAfter));
        peer.replies[stream] = reply.body;
        peer.offsets[stream] = 0;
        nghttp2_data_provider2 provider{};
        provider.read_callback = readReply;
        nghttp2_submit_response2(peer.session, stream, headers.data(), headers.size(), &provider);
    }

    static nghttp2_ssize readReply(nghttp2_session *, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
                                   nghttp2_data_source *, void *user)
    {
        auto &peer = peerOf(user);
        const auto &body = peer.replies[stream];
        auto &offset = peer.offsets[stream];
        // Half of the body, and then never more: the connection is dropped there.
        const auto end = peer.dropWhenSent ? body.size() / 2 : body.size();
        const auto count = std::min<qsizetype>(end - offset, static_cast<qsizetype>(length));
        if (count == 0 && peer.dropWhenSent)
            return NGHTTP2_ERR_DEFERRED;
        std::copy_n(body.constData() + offset, count, buffer);
        offset += count;
        if (offset == body.size())
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return count;
    }

    QTcpServer m_server;
    quint16 m_port = 0;
    std::vector<std::shared_ptr<Peer>> m_peers;
};

} // namespace danube::tests
