// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/kubernetescontainer.h"

#include "server/executors/kubernetes/podnames.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(linkLog, "danube.kubernetes.link")

constexpr milliseconds lastWordsLimit{5'000};
constexpr milliseconds noteAfter{15'000}; ///< what is shorter is nobody's concern

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

// Never the status' message: with v4 it holds the whole command line.
QString sentenceOf(const kube::ExecEnd &end)
{
    const bool isTold = end.kind != kube::ExecEnd::Kind::Status && !end.message.isEmpty();
    return isTold ? end.message : u"the exec to the agent ended"_s;
}

// Answers that a container which is gone would give, too.
bool isDoubtful(const kube::ExecEnd &end)
{
    using Kind = kube::ApiError::Kind;
    if (end.kind == kube::ExecEnd::Kind::Status)
        return end.status.kind == kube::ExecStatus::Kind::NotStarted;
    const Kind refusal = end.refusal.kind;
    return end.kind == kube::ExecEnd::Kind::Refused &&
           (refusal == Kind::NotFound || refusal == Kind::BadRequest || refusal == Kind::ServerError);
}

} // namespace

KubernetesContainer::KubernetesContainer(Settings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_link({.job = m_settings.job, .key = m_settings.key.clone(), .logs = m_settings.logs}, this)
{
    m_retry.setSingleShot(true);
    m_lastWords.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &KubernetesContainer::openConnection);
    connect(&m_lastWords, &QTimer::timeout, this, &KubernetesContainer::die);
    connect(&m_link, &link::ContainerLink::ready, this, &KubernetesContainer::onReady);
    connect(&m_link, &link::ContainerLink::broken, this, &KubernetesContainer::onBroken);
    connect(&m_link, &link::ContainerLink::stepStarted, this, &KubernetesContainer::stepStarted);
    connect(&m_link, &link::ContainerLink::stepFinished, this, &KubernetesContainer::stepFinished);
}

// The connection dies with the link and says so; nobody is left to listen.
KubernetesContainer::~KubernetesContainer()
{
    dropConnection();
}

void KubernetesContainer::setRunning()
{
    if (m_state != State::Waiting)
        return;
    m_state = State::Connecting;
    m_downSince = steadyNow();
    connectSoon(milliseconds(0));
}

// Every attempt takes a place of the client's rate limit.
void KubernetesContainer::connectSoon(milliseconds delay)
{
    if (!m_retry.isActive())
        m_retry.start(std::max(delay, m_settings.limiter->reserve(steadyNow())));
}

void KubernetesContainer::openConnection()
{
    if (m_state != State::Connecting || m_connection)
        return;
    const kube::Request request =
        kube::requests::exec(m_settings.nameSpace, m_settings.pod,
                             {.container = m_settings.container,
                              .command = {places::agentProgram, u"link"_s, u"--dir"_s, places::agentDirectory}});
    auto *connection = new kube::ExecConnection(m_settings.credentials, request, {}, this);
    m_connection = connection;
    connect(connection, &kube::ExecConnection::connected, this, &KubernetesContainer::onConnected);
    connect(connection, &kube::ExecConnection::ended, this, &KubernetesContainer::onConnectionEnded);
    connection->start();
}

// The key goes only to an agent that this job's first master may have started.
void KubernetesContainer::onConnected()
{
    if (m_connection)
        m_link.attach(m_connection, m_wasUp ? link::KeyHandover::Forbidden : m_settings.handover);
}

void KubernetesContainer::onReady()
{
    if (!m_link.isLogRefusing())
        m_backoff.reset();
    if (std::exchange(m_isNoted, false))
        m_settings.logs->note(m_settings.job, StepNumber::Coordinator,
                              u"container %1 was reached again"_s.arg(m_settings.container));
    if (m_state == State::Connecting)
        m_state = State::Up;
    if (!std::exchange(m_wasUp, true))
        emit up();
}

// A connection that was attached ends by way of the link, which first reads what is left.
void KubernetesContainer::onConnectionEnded(const kube::ExecEnd &end)
{
    if (end.kind == kube::ExecEnd::Kind::Refused && end.refusal.kind == kube::ApiError::Kind::Unauthorized)
        m_settings.credentials->forget();
    if (end.kind == kube::ExecEnd::Kind::Refused && end.refusal.retryAfter)
        m_settings.limiter->pauseUntil(steadyNow() + *end.refusal.retryAfter);
    if (isDoubtful(end))
        emit doubtful();
    const QString sentence = sentenceOf(end);
    if (!end.standardError.isEmpty())
        qCWarning(linkLog).noquote() << u"agent link said job=%1 container=%2 text=\"%3\""_s.arg(
            m_settings.job.value(), m_settings.container, end.standardError.left(500).simplified());
    const bool isAttached = m_connection && m_connection->parent() == &m_link;
    if (isAttached)
        return m_link.connectionEnded(sentence);
    dropConnection();
    retry(sentence);
}

void KubernetesContainer::onBroken(const Error &error)
{
    dropConnection();
    retry(error.message);
}

void KubernetesContainer::dropConnection()
{
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    m_connection = nullptr;
}

// Never from inside the link's own handlers: the next turn of the loop opens anew.
void KubernetesContainer::retry(const QString &why)
{
    if (m_state == State::Ending)
        return die();
    if (m_state == State::Dead || m_state == State::Closing)
        return;
    if (m_state == State::Up)
        m_downSince = steadyNow();
    m_state = State::Connecting;
    qCInfo(linkLog).noquote() << u"link down job=%1 container=%2 reason=\"%3\""_s.arg(m_settings.job.value(),
                                                                                      m_settings.container, why);
    const milliseconds down = std::chrono::duration_cast<milliseconds>(steadyNow() - m_downSince);
    const milliseconds limit = m_settings.unreachableLimit;
    if (m_wasUp && limit > milliseconds(0) && down > limit) {
        m_endReason = u"container %1 could not be reached for %2 s: %3"_s.arg(m_settings.container)
                          .arg(down.count() / 1000)
                          .arg(why);
        return die();
    }
    noteSilence(down, why);
    emit unreachable(why);
    connectSoon(m_backoff.next());
}

void KubernetesContainer::noteSilence(milliseconds down, const QString &why)
{
    if (!m_wasUp || down < noteAfter || std::exchange(m_isNoted, true))
        return;
    m_settings.logs->note(
        m_settings.job, StepNumber::Coordinator,
        u"container %1 cannot be reached for %2 s; its steps go on meanwhile: %3"_s.arg(m_settings.container)
            .arg(down.count() / 1000)
            .arg(why));
}

void KubernetesContainer::end(const QString &reason)
{
    if (m_state == State::Closing || m_state == State::Ending || m_state == State::Dead)
        return;
    m_endReason = reason;
    m_state = State::Ending;
    m_retry.stop();
    if (m_connection)
        m_lastWords.start(lastWordsLimit);
    else
        die();
}

void KubernetesContainer::die()
{
    if (m_state == State::Dead)
        return;
    m_state = State::Dead;
    m_retry.stop();
    m_lastWords.stop();
    m_link.connectionEnded(m_endReason);
    dropConnection();
    m_link.agentDied({}, m_endReason);
    emit died(m_endReason);
}

void KubernetesContainer::start(StepNumber step, std::optional<link::StepSpec> spec)
{
    m_link.start(step, std::move(spec));
    if (m_state == State::Dead)
        m_link.agentDied({}, m_endReason);
}

void KubernetesContainer::kill(StepNumber step, link::KillCause cause, milliseconds grace)
{
    m_link.kill(step, cause, grace);
}

void KubernetesContainer::shutdown(milliseconds grace)
{
    if (m_state == State::Dead)
        return;
    m_state = State::Closing; // the pod's removal reaches those that cannot be reached
    m_retry.stop();
    m_link.shutdown(grace);
}

} // namespace danube::kubernetes
