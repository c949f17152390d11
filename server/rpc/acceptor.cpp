// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/acceptor.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

constexpr int backlog = 512;
constexpr int acceptedPerTurn = 64;

} // namespace

Acceptor::~Acceptor()
{
    close();
}

Result<quint16> Acceptor::listen(const QHostAddress &address, quint16 port)
{
    const auto where = [&] { return u"listen on %1:%2"_s.arg(address.toString()).arg(port); };
    m_server.setListenBacklogSize(backlog);
    if (!m_server.listen(address, port))
        return fail(ErrorCode::Io, u"%1: %2"_s.arg(where(), m_server.errorString()));
    m_server.pauseAccepting();
    m_descriptor = ::fcntl(static_cast<int>(m_server.socketDescriptor()), F_DUPFD_CLOEXEC, 3);
    if (m_descriptor < 0)
        return failErrno(where(), errno);
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Acceptor::acceptSome);
    return m_server.serverPort();
}

void Acceptor::pause()
{
    if (m_notifier)
        m_notifier->setEnabled(false);
}

void Acceptor::resume()
{
    if (m_notifier)
        m_notifier->setEnabled(true);
}

void Acceptor::close()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
    m_server.close();
}

void Acceptor::acceptSome()
{
    for (int i = 0; i < acceptedPerTurn && m_notifier && m_notifier->isEnabled() && acceptOne(); ++i) {
    }
}

bool Acceptor::acceptOne()
{
    const int descriptor = ::accept4(m_descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
        emit accepted(descriptor);
        return true;
    }
    if (errno == EINTR || errno == ECONNABORTED)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
        const auto failure = failErrno(u"accept a connection"_s, errno);
        pause(); // else it would fire without end
        emit failed(failure.error().message);
    }
    return false;
}

} // namespace danube::rpc
