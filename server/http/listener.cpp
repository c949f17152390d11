// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/listener.h"

#include <QLoggingCategory>

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcHttpListener, "danube.http.listener")

namespace danube::http {
namespace {

constexpr int backlog = 1024;
constexpr int acceptedPerTurn = 64;
constexpr milliseconds pauseWithoutDescriptors{200}; // some will be free again soon

} // namespace

Listener::Listener(ConnectionPool &pool) : m_pool(pool)
{
    setListenBacklogSize(backlog);
    m_acceptAgain.setSingleShot(true);
    m_acceptAgain.setInterval(pauseWithoutDescriptors);
    connect(&m_acceptAgain, &QTimer::timeout, this, [this] { m_notifier->setEnabled(true); });
}

Result<quint16> Listener::open(const QHostAddress &address, quint16 port)
{
    if (!listen(address, port))
        return fail(ErrorCode::Io, u"listen on %1:%2: %3"_s.arg(address.toString()).arg(port).arg(errorString()));
    pauseAccepting();
    m_descriptor = ::fcntl(static_cast<int>(socketDescriptor()), F_DUPFD_CLOEXEC, 3);
    if (m_descriptor < 0)
        return failErrno(u"listen on %1:%2"_s.arg(address.toString()).arg(port), errno);
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Listener::acceptSome);
    return serverPort();
}

Listener::~Listener()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

QTcpSocket *Listener::nextPendingConnection()
{
    QTcpSocket *gate = QTcpServer::nextPendingConnection(); // which makes QTcpServer accept again
    pauseAccepting();
    return gate;
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_pool.admit(descriptor, [this](GatedSocket *gate) { addPendingConnection(gate); });
}

void Listener::acceptSome()
{
    for (int i = 0; i < acceptedPerTurn && acceptOne(); ++i) {
    }
}

bool Listener::acceptOne()
{
    const int descriptor = ::accept4(m_descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
        incomingConnection(descriptor);
        return true;
    }
    if (errno == EINTR || errno == ECONNABORTED)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
        qCWarning(lcHttpListener).noquote() << "accept-failed errno=" << errno;
        m_notifier->setEnabled(false); // else it would fire without end
        m_acceptAgain.start();
    }
    return false;
}

} // namespace danube::http
