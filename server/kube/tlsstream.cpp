// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/tlsstream.h"

#include <openssl/err.h>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qint64 proxyBuffer = 256 << 10;

/// OpenSSL's way to the socket.
QTcpSocket &socketOf(BIO *bio)
{
    return *static_cast<QTcpSocket *>(BIO_get_data(bio));
}

int readSocket(BIO *bio, char *to, int size)
{
    BIO_clear_retry_flags(bio);
    QTcpSocket &socket = socketOf(bio);
    const auto got = socket.read(to, size);
    if (got == 0 && socket.state() == QAbstractSocket::ConnectedState)
        BIO_set_retry_read(bio);
    return got > 0 ? static_cast<int>(got) : -1;
}

int writeSocket(BIO *bio, const char *from, int size)
{
    BIO_clear_retry_flags(bio);
    return static_cast<int>(socketOf(bio).write(from, size)); // takes all or fails
}

long controlSocket(BIO *bio, int command, long, void *)
{
    if (command == BIO_CTRL_EOF)
        return socketOf(bio).state() == QAbstractSocket::ConnectedState ? 0 : 1;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD *socketMethod()
{
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method = [] {
        std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "QTcpSocket"), BIO_meth_free);
        BIO_meth_set_read(made.get(), readSocket);
        BIO_meth_set_write(made.get(), writeSocket);
        BIO_meth_set_ctrl(made.get(), controlSocket);
        return made;
    }();
    return method.get();
}

} // namespace

TlsStream::TlsStream(QObject *parent) : QObject(parent)
{
    connect(&m_socket, &QTcpSocket::connected, this, &TlsStream::onConnected);
    connect(&m_socket, &QTcpSocket::readyRead, this, &TlsStream::onReadyRead);
    connect(&m_socket, &QTcpSocket::bytesWritten, this, &TlsStream::written);
    connect(&m_socket, &QTcpSocket::errorOccurred, this, &TlsStream::onError);
}

TlsStream::~TlsStream()
{
    m_socket.disconnect(this);
    m_session.reset(); // uses the socket
    m_socket.abort();
}

void TlsStream::connectTo(const Target &target)
{
    m_target = target;
    m_socket.setProxy(target.proxy);
    m_socket.connectToHost(target.host, target.port, QIODevice::ReadWrite | QIODevice::Unbuffered);
}

void TlsStream::onConnected()
{
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    for (QTcpSocket *each : proxySockets())
        each->setReadBufferSize(proxyBuffer);
    if (!m_target.tls) {
        m_isReady = true;
        emit ready();
        return;
    }
    m_session = makeTlsSession(m_target.tls, m_target.verifyName);
    if (!m_session)
        return finish(End::Tls, u"%1 is no name that a certificate can have"_s.arg(m_target.verifyName));
    BIO *bio = BIO_new(socketMethod());
    BIO_set_data(bio, &m_socket);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_session.get(), bio, bio); // owns it
    shakeHands();
}

/// To a proxy Qt speaks through a socket of its own within ours, which would buffer without a bound.
QList<QTcpSocket *> TlsStream::proxySockets() const
{
    return m_socket.findChildren<QTcpSocket *>();
}

qint64 TlsStream::bytesToWrite() const
{
    qint64 total = m_socket.bytesToWrite();
    if (m_target.proxy.type() != QNetworkProxy::NoProxy) {
        for (const QTcpSocket *each : proxySockets())
            total += each->bytesToWrite();
    }
    return total;
}

void TlsStream::onReadyRead()
{
    if (m_isReady)
        emit readable();
    else if (m_session)
        shakeHands();
}

void TlsStream::onError()
{
    if (m_isReady)
        emit ended(); // read() finds out what it means
    else
        finish(End::Network, m_socket.errorString());
}

void TlsStream::shakeHands()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(m_session.get());
    if (result == 1) {
        m_isReady = true;
        emit ready();
        return;
    }
    judge(result);
    if (m_end == End::Closed)
        m_end = End::Network;
    if (m_end != End::None)
        emit ended();
}

/// What a call of OpenSSL without success means; nothing when it only has to wait.
void TlsStream::judge(int result)
{
    const int error = SSL_get_error(m_session.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return;
    const bool isCut = error == SSL_ERROR_ZERO_RETURN || error == SSL_ERROR_SYSCALL ||
                       ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    m_end = isCut ? End::Closed : End::Tls;
    m_reason = isCut ? u"the connection was closed"_s : tlsFailure(*m_session);
    ERR_clear_error();
}

qint64 TlsStream::read(char *to, qint64 maximum)
{
    if (m_end != End::None || !m_isReady)
        return 0;
    if (m_session)
        return readTls(to, maximum);
    const auto got = m_socket.read(to, maximum);
    if (got <= 0 && m_socket.state() != QAbstractSocket::ConnectedState) {
        m_end = End::Closed;
        m_reason = u"the connection was closed"_s;
    }
    return std::max<qint64>(got, 0);
}

/// A call of OpenSSL gives one record at most.
qint64 TlsStream::readTls(char *to, qint64 maximum)
{
    qint64 total = 0;
    while (total < maximum) {
        ERR_clear_error();
        const auto room = static_cast<int>(std::min<qint64>(maximum - total, 1 << 30));
        const int got = SSL_read(m_session.get(), to + total, room);
        if (got <= 0) {
            judge(got);
            break;
        }
        total += got;
    }
    return total;
}

void TlsStream::write(QByteArrayView bytes)
{
    if (m_end != End::None || !m_isReady || bytes.isEmpty())
        return;
    if (!m_session) {
        m_socket.write(bytes.data(), bytes.size());
        return;
    }
    ERR_clear_error();
    SSL_write(m_session.get(), bytes.data(), static_cast<int>(bytes.size())); // a failure is found by read()
}

void TlsStream::finish(End end, const QString &reason)
{
    m_end = end;
    m_reason = reason;
    emit ended();
}

} // namespace danube::kube
