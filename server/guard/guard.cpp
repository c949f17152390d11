// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/guard.h"

#include "server/guard/dnsresolver.h"
#include "server/guard/hostresolver.h"
#include "server/guard/passing.h"

#include <QJsonDocument>

#include <cerrno>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

std::unique_ptr<Resolver> resolverFor(EventLoop &loop, const GuardConfig &config)
{
    if (config.resolver)
        return std::make_unique<DnsResolver>(loop, *config.resolver);
    return std::make_unique<HostResolver>(loop);
}

int socketOption(const FileDescriptor &socket, int option)
{
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(socket.get(), SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

bool setNonBlocking(const FileDescriptor &descriptor)
{
    const int flags = fcntl(descriptor.get(), F_GETFL);
    return flags >= 0 && fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) == 0;
}

} // namespace

Guard::Guard(EventLoop &loop, GuardConfig config, FileDescriptor control, std::vector<FileDescriptor> descriptors,
             const Clock &clock)
    : m_loop(loop),
      m_config(std::move(config)),
      m_control(std::move(control)),
      m_descriptors(std::move(descriptors)),
      m_policy(m_config),
      m_resolver(resolverFor(loop, m_config)),
      m_addresses(m_config, m_policy, *m_resolver, [&loop] { return loop.now(); }),
      m_ledger(m_config, m_policy, clock),
      m_site{loop, m_config, m_policy, m_names, m_addresses, m_ledger},
      m_responder(m_policy, m_names),
      m_dns(m_site, m_responder),
      m_connections(m_site)
{}

Guard::~Guard()
{
    m_loop.unwatch(m_controlWatch);
    m_loop.unwatch(m_lifelineWatch);
    m_loop.stopTimer(m_tick);
}

Result<void> Guard::start()
{
    if (m_descriptors.size() != m_config.listeners.size())
        return fail(
            ErrorCode::InvalidArgument,
            u"listeners: %1 named, %2 descriptors passed"_s.arg(m_config.listeners.size()).arg(m_descriptors.size()));
    if (!m_config.flows.isEmpty()) {
        const QByteArray path = m_config.flows.toUtf8();
        m_flows = FileDescriptor(open(path.constData(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!m_flows)
            return failErrno(u"open flows %1"_s.arg(m_config.flows), errno);
    }
    for (size_t i = 0; i < m_descriptors.size(); ++i) {
        if (auto taken = take(m_config.listeners[i], std::move(m_descriptors[i])); !taken)
            return std::unexpected(taken.error().in(u"listeners[%1]"_s.arg(i)));
    }
    m_descriptors.clear();
    // A job that is told of a refusal may end at once, and the master reads until then.
    m_ledger.onRefusal([this] { writeFlows(); });
    setNonBlocking(m_control);
    m_controlWatch = m_loop.watch(m_control.get(), EPOLLIN, *this, Control);
    turn();
    return {};
}

Result<void> Guard::take(const Listener &listener, FileDescriptor descriptor)
{
    using Kind = Listener::Kind;
    if (listener.kind == Kind::Lifeline) {
        m_lifeline = std::move(descriptor);
        m_lifelineWatch = m_loop.watch(m_lifeline.get(), EPOLLIN, *this, Lifeline);
        return m_lifelineWatch.slot == UINT32_MAX ? failErrno(u"watch the lifeline"_s, errno) : Result<void>();
    }
    if (listener.kind == Kind::Flows) {
        m_flows = std::move(descriptor);
        return {};
    }
    const bool isDatagram = listener.kind == Kind::DnsUdp || listener.kind == Kind::Attempts;
    const int wanted = isDatagram ? SOCK_DGRAM : listener.kind == Kind::Dialer ? SOCK_SEQPACKET : SOCK_STREAM;
    const bool mustListen = listener.kind == Kind::Tcp || listener.kind == Kind::DnsTcp;
    if (socketOption(descriptor, SO_TYPE) != wanted || (mustListen && socketOption(descriptor, SO_ACCEPTCONN) != 1) ||
        !setNonBlocking(descriptor))
        return fail(ErrorCode::InvalidArgument, u"no socket of its kind"_s);
    switch (listener.kind) {
    case Kind::DnsUdp:
        m_dns.serveDatagrams(std::move(descriptor));
        break;
    case Kind::DnsTcp:
        m_dns.listen(std::move(descriptor));
        break;
    case Kind::Tcp:
        m_connections.listen(std::move(descriptor));
        break;
    case Kind::Dialer:
        m_dialers.push_back(std::make_unique<Dialer>(m_loop, std::move(descriptor), m_config.rpc));
        break;
    case Kind::Attempts:
        m_attempts.push_back(std::make_unique<Attempts>(m_site, std::move(descriptor)));
        break;
    case Kind::Lifeline:
    case Kind::Flows:
        break;
    }
    return {};
}

void Guard::onEvents(int tag, uint32_t)
{
    if (tag == Lifeline)
        return stop();
    answerControl();
}

void Guard::answerControl()
{
    constexpr size_t maxMessage = 64;
    const auto message = receiveDatagram(m_control.get(), maxMessage);
    if (message && message->bytes == "stats\n") {
        const QByteArray usage = QJsonDocument(m_ledger.usage().toJson()).toJson(QJsonDocument::Compact);
        sendDatagram(m_control.get(), {usage.constData(), static_cast<size_t>(usage.size())});
    } else if (message || message.error() == EMSGSIZE) {
        sendDatagram(m_control.get(), R"({"error":"expected stats"})");
    } else if (message.error() != EAGAIN) {
        m_loop.unwatch(m_controlWatch); // the master may come back or not: the job goes on
    }
}

void Guard::turn()
{
    m_ledger.tick();
    writeOut(false);
    m_tick = m_loop.startTimer(tick, [this] { turn(); });
}

void Guard::writeOut(bool all)
{
    if (all)
        m_ledger.tick(true);
    writeFlows();
    writeUsage();
}

void Guard::writeFlows()
{
    const QByteArray lines = m_ledger.flows().take();
    if (m_flows && !lines.isEmpty() && write(m_flows.get(), lines.constData(), static_cast<size_t>(lines.size())) < 0)
        qWarning("flows not written: %s", strerrordesc_np(errno));
}

/// By rename, so that a reader never sees half of it.
void Guard::writeUsage()
{
    const QByteArray usage = QJsonDocument(m_ledger.usage().toJson()).toJson(QJsonDocument::Compact);
    if (m_config.usage.isEmpty() || usage == m_writtenUsage)
        return;
    const QByteArray path = m_config.usage.toUtf8();
    const QByteArray part = path + ".part";
    const FileDescriptor file(open(part.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    const bool isWritten =
        file && write(file.get(), usage.constData(), static_cast<size_t>(usage.size())) == usage.size();
    if (isWritten && rename(part.constData(), path.constData()) == 0)
        m_writtenUsage = usage;
}

void Guard::stop()
{
    writeOut(true);
    m_loop.stop();
}

} // namespace danube::guard
