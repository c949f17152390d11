// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QMap>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>
#include <QUrlQuery>

#include <functional>
#include <optional>

namespace danube::tests {

struct FakeRequest
{
    QByteArray method;
    QString path;    ///< decoded, without query
    QString rawPath; ///< percent-encoded
    QUrlQuery query;
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;
};

/// A body that is made while it is sent, so that nobody holds it.
struct FakeBody
{
    qint64 size = 0;
    std::function<QByteArray(qint64 from, qint64 most)> bytes; ///< at least one, at most `most`
};

struct FakeReply
{
    int status = 200;
    QByteArray body = {};
    QByteArray contentType = "application/json";
    QList<std::pair<QByteArray, QByteArray>> headers = {};
    std::optional<qint64> cutAfter = {}; ///< bytes of the body, then the connection is closed
    bool stall = false;                  ///< never answer
    bool drop = false;                   ///< close the connection instead of answering
    std::optional<FakeBody> made = {};   ///< instead of `body`
    bool hold = false;                   ///< at cutAfter, of what is made: keep the connection and send nothing more
};

/// One HTTP/1.1 connection of the fake; handlers may take it over for a stream (takeOver), then it is theirs.
class FakeConnection : public QObject
{
    Q_OBJECT
public:
    explicit FakeConnection(QTcpSocket *socket, QObject *parent);
    QTcpSocket *socket() { return m_socket; }
    void reply(const FakeReply &reply);
    /// Sends the head of an unbounded answer; from now on the caller writes to the socket.
    void beginStream(const QByteArray &contentType);

signals:
    void requested(const danube::tests::FakeRequest &request);

private:
    void takeBytes();
    bool takeRequest();
    void sendMade();

    QTcpSocket *m_socket;
    QByteArray m_buffer;
    bool m_isStream = false;
    FakeReply m_sending; ///< whose body is made
    qint64 m_sent = 0;   ///< of it
};

/// HTTP/1.1 server of the fakes: loopback, port 0, keep-alive, in the thread of the test.
class FakeHttpServer : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<void(const FakeRequest &, FakeConnection &)>;
    explicit FakeHttpServer(Handler handler, QObject *parent = nullptr);

    QUrl url() const;                                                          ///< http://127.0.0.1:<port>
    int connections() const { return static_cast<int>(m_connections.size()); } ///< accepted so far
    void closeConnections();                                                   ///< aborts all
    void stopListening();                                                      ///< later connections are refused
    void listenAgain();                                                        ///< on the same port

private:
    void accept();

    Handler m_handler;
    QTcpServer m_server;
    quint16 m_port = 0;
    QList<QPointer<FakeConnection>> m_connections;
};

} // namespace danube::tests
