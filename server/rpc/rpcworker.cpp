// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/rpcworker.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace danube::rpc {
namespace {

Q_LOGGING_CATEGORY(rpcLog, "danube.rpc")

constexpr size_t scratchSize = 256 * 1024;
constexpr seconds idleWhenFull{10};

} // namespace

RpcWorker::RpcWorker(const RpcServices &services, const RpcSettings &settings, RpcCounts &counts)
    : m_services(services),
      m_settings(settings),
      m_counts(counts),
      m_acceptor(this),
      m_poller(this),
      m_tick(this),
      m_gateway(services.backend, this),
      m_context{.backend = m_gateway, .artifacts = services.artifacts, .settings = settings, .home = Mailbox(this)},
      m_router(m_context, services.keyring),
      m_scratch(scratchSize)
{
    connect(&m_acceptor, &Acceptor::accepted, this, &RpcWorker::open);
    connect(&m_acceptor, &Acceptor::failed, this, [](const QString &error) {
        qCWarning(rpcLog).noquote() << u"accept failed error=\"%1\""_s.arg(error); // the tick tries again
    });
    connect(&m_tick, &QTimer::timeout, this, &RpcWorker::tick);
}

RpcWorker::~RpcWorker()
{
    m_connections.clear();
    m_counts.connections = 0;
    m_counts.openCalls = 0;
}

Result<quint16> RpcWorker::listen()
{
    if (const auto opened = m_poller.open(); !opened)
        return std::unexpected(opened.error());
    const auto port = m_acceptor.listen(m_settings.address, m_settings.port);
    if (port)
        m_tick.start(m_settings.tick);
    return port;
}

void RpcWorker::open(int descriptor)
{
    if (RpcConnection *stranger = isFull() ? dispensable() : nullptr)
        stranger->makeRoom();
    auto owned = std::make_unique<RpcConnection>(descriptor, m_poller, m_router, m_settings, m_services.clock,
                                                 std::span(m_scratch));
    if (const auto started = owned->start(); !started) {
        qCWarning(rpcLog).noquote() << u"accept failed error=\"%1\""_s.arg(started.error().message);
        return;
    }
    RpcConnection *connection = owned.get();
    connect(connection, &RpcConnection::closed, this, [this, connection] { forget(connection); });
    connect(connection, &RpcConnection::requestStarted, this, [this] { ++m_counts.requests; });
    connect(connection, &RpcConnection::refused, this, [this](Refusal why) { ++m_counts.of(why); });
    m_connections.emplace(connection, std::move(owned));
    m_counts.connections = static_cast<int>(m_connections.size());
    if (m_drainUntil)
        connection->drain();
    if (isFull() && !dispensable())
        m_acceptor.pause();
}

void RpcWorker::forget(RpcConnection *connection)
{
    // It is still on the stack: it says so itself.
    auto node = m_connections.extract(connection);
    if (!node.empty())
        node.mapped().release()->deleteLater();
    m_counts.connections = static_cast<int>(m_connections.size());
    m_acceptor.resume();
}

std::vector<RpcConnection *> RpcWorker::present() const
{
    std::vector<RpcConnection *> connections;
    connections.reserve(m_connections.size());
    for (const auto &[connection, owner] : m_connections)
        connections.push_back(connection);
    return connections;
}

bool RpcWorker::isFull() const
{
    return m_connections.size() >= static_cast<size_t>(m_settings.maxConnections);
}

RpcConnection *RpcWorker::dispensable() const
{
    RpcConnection *longest = nullptr;
    auto since = m_services.clock.steady() - m_settings.strangerTime;
    for (const auto &[connection, owner] : m_connections) {
        if (const auto own = connection->dispensableSince(); own && *own <= since) {
            longest = connection;
            since = *own;
        }
    }
    return longest ? longest : ofTheGreediest();
}

RpcConnection *RpcWorker::ofTheGreediest() const
{
    QHash<JobId, int> counts;
    JobId greediest;
    int most = m_settings.jobConnections;
    for (const auto &[connection, owner] : m_connections) {
        if (!connection->job() || ++counts[*connection->job()] <= most)
            continue;
        most = counts[*connection->job()];
        greediest = *connection->job();
    }
    RpcConnection *oldest = nullptr;
    for (const auto &[connection, owner] : m_connections) {
        if (connection->job() == greediest && (!oldest || connection->openedAt() < oldest->openedAt()))
            oldest = connection;
    }
    return oldest;
}

void RpcWorker::tick()
{
    int openCalls = 0;
    const bool makeRoom = isFull();
    for (RpcConnection *connection : present()) {
        connection->tick(makeRoom ? idleWhenFull : m_settings.idleTimeout);
        openCalls += connection->openCalls();
    }
    m_counts.openCalls = openCalls;
    if (!isFull() || dispensable())
        m_acceptor.resume(); // also after accept() failed
    if (!m_drainUntil || (!m_connections.empty() && m_services.clock.steady() < *m_drainUntil))
        return;
    m_tick.stop();
    m_acceptor.close();
    m_connections.clear();
    emit drained();
}

void RpcWorker::drain(milliseconds patience)
{
    if (m_drainUntil)
        return;
    m_drainUntil = m_services.clock.steady() + patience;
    m_router.setDraining();
    for (RpcConnection *connection : present())
        connection->drain();
    m_tick.start(std::min<milliseconds>(m_settings.tick, 100ms));
}

} // namespace danube::rpc
