// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/localcontainer.h"

#include "server/executors/local/agentprocess.h"

#include <QDir>
#include <QLoggingCategory>

#include <csignal>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

Q_LOGGING_CATEGORY(containerLog, "danube.local.container")

constexpr milliseconds goneCheckInterval{20};
constexpr milliseconds forceAfter{3'000}; ///< beyond the grace

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

} // namespace

LocalContainer::LocalContainer(Settings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_link({.job = m_settings.job, .key = m_settings.key.clone(), .logs = m_settings.logs}, this)
{
    m_retry.setSingleShot(true);
    m_goneCheck.setInterval(goneCheckInterval);
    connect(&m_retry, &QTimer::timeout, this, &LocalContainer::tryConnect);
    connect(&m_goneCheck, &QTimer::timeout, this, &LocalContainer::checkGone);
    connect(&m_link, &link::ContainerLink::ready, this, &LocalContainer::onReady);
    connect(&m_link, &link::ContainerLink::broken, this, &LocalContainer::onBroken);
}

// The socket dies with the link and says so; nobody is left to listen.
LocalContainer::~LocalContainer()
{
    if (m_socket)
        m_socket->disconnect(this);
}

void LocalContainer::open()
{
    m_openedAt = steadyNow();
    if (m_settings.mode == jobs::LaunchMode::StartOrAttach)
        QDir().mkpath(m_settings.directory);
    QFile::setPermissions(m_settings.directory,
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    tryConnect();
}

void LocalContainer::tryConnect()
{
    if (m_state == State::Dead || m_state == State::Gone)
        return;
    const auto connected = agentprocess::connect(m_settings.directory);
    if (connected)
        return onSocket(*connected);
    if (m_state == State::Closing)
        return retrySoon();
    // A daemon that was just started must not find its claim held by this very question.
    const bool isStarting = m_spawned && !m_wasUp;
    const auto life = isStarting ? agentprocess::Life::Alive : agentprocess::lifeOf(m_settings.directory);
    if (life == agentprocess::Life::Unknown)
        return retrySoon();
    const bool isAlive = life == agentprocess::Life::Alive;
    const bool neverStarted = connected.error().code == ErrorCode::NotFound && !m_wasUp;
    if (!isAlive && neverStarted && m_settings.mode == jobs::LaunchMode::StartOrAttach) {
        m_spawned = true;
        const auto spawned = startDaemon();
        return spawned ? retrySoon() : lose(spawned.error().message);
    }
    const auto waited = steadyNow() - m_openedAt;
    const bool isHopeless = isStarting && m_settings.sandbox && !m_settings.sandbox->obituary().isEmpty();
    if (!isAlive || isHopeless)
        return lose(reasonOfEnd());
    if (!m_wasUp && waited > m_settings.startLimit)
        return lose(u"its agent did not start within %1 s"_s.arg(m_settings.startLimit.count() / 1000));
    retrySoon();
}

Result<void> LocalContainer::startDaemon()
{
    if (m_settings.sandbox)
        return m_settings.sandbox->start();
    return agentprocess::spawn(agentprocess::Agent{.program = m_settings.agentProgram,
                                                   .directory = m_settings.directory,
                                                   .environment = m_settings.environment,
                                                   .orphanLimit = m_settings.orphanLimit});
}

QString LocalContainer::reasonOfEnd() const
{
    const QString said = m_settings.sandbox ? m_settings.sandbox->obituary() : QString();
    return said.isEmpty() ? u"its agent is gone"_s : said;
}

void LocalContainer::retrySoon()
{
    m_retry.start(m_backoff.next());
}

void LocalContainer::onSocket(int descriptor)
{
    auto *socket = new QLocalSocket;
    m_socket = socket;
    socket->setReadBufferSize(2 << 20); // bounds what a stalled log lets pile up here; the rest waits at the agent
    socket->setSocketDescriptor(descriptor);
    connect(socket, &QLocalSocket::disconnected, this, [this, socket] {
        if (socket == m_socket)
            m_link.connectionEnded(u"the agent closed the connection"_s);
    });
    // The key goes only to an agent that this job's first master may have started.
    const bool mayHandOver = m_settings.mode == jobs::LaunchMode::StartOrAttach && !m_wasUp;
    m_link.attach(socket, mayHandOver ? link::KeyHandover::Allowed : link::KeyHandover::Forbidden);
}

void LocalContainer::onReady()
{
    if (!m_link.isLogRefusing())
        m_backoff.reset();
    if (m_state == State::Closing)
        return;
    m_state = State::Up;
    if (!std::exchange(m_wasUp, true))
        emit up();
}

// Never from inside the link's own handlers: the next turn of the loop attaches anew.
void LocalContainer::onBroken()
{
    if (m_state == State::Up)
        m_state = State::Reconnecting;
    retrySoon();
}

void LocalContainer::lose(const QString &reason)
{
    m_state = State::Dead;
    if (m_settings.mode == jobs::LaunchMode::StartOrAttach || m_wasUp)
        qCWarning(containerLog).noquote() << u"agent lost job=%1 directory=%2 reason=\"%3\" last_words=\"%4\""_s.arg(
            m_settings.job.value(), m_settings.directory, reason, agentprocess::lastWords(m_settings.directory));
    m_link.agentDied(m_settings.directory + u"/steps"_s, reason);
    emit died(reason);
}

void LocalContainer::close(milliseconds grace)
{
    if (m_state == State::Gone || m_state == State::Closing)
        return;
    m_state = State::Closing;
    m_forceAt = steadyNow() + grace + forceAfter;
    m_link.shutdown(grace);
    if (!m_link.isUp())
        retrySoon();
    m_goneCheck.start();
}

void LocalContainer::checkGone()
{
    const auto life = agentprocess::lifeOf(m_settings.directory);
    const bool isLate = steadyNow() > m_forceAt;
    if (life == agentprocess::Life::Unknown || (life == agentprocess::Life::Alive && !isLate))
        return;
    const QList<pid_t> left = isLate ? agentprocess::find(m_settings.directory) : QList<pid_t>();
    for (const pid_t pid : left)
        ::kill(pid, SIGKILL);
    // Without a daemon it is a step's process that holds the claim; LocalJob::removeLeftovers() ends it.
    if (!left.isEmpty())
        return;
    m_goneCheck.stop();
    m_retry.stop();
    m_state = State::Gone;
    emit gone();
}

} // namespace danube::local
