// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/kubernetesjob.h"

#include "server/executors/kubernetes/podnames.h"
#include "server/executors/kubernetes/podspec.h"

#include <QJsonArray>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(jobLog, "danube.kubernetes.job")

constexpr seconds pendingAgain{60}; // well within what the engine allows for a start

} // namespace

KubernetesJob::KubernetesJob(Cluster &cluster, jobs::JobLaunch launch, QObject *parent)
    : QObject(parent),
      m_cluster(cluster),
      m_launch(std::move(launch)),
      m_extra(
          m_cluster, m_launch.job.id, m_launch.pipeline,
          [this](const QString &name, link::KeyHandover handover) { return makeContainer(name, handover); }, this)
{
    m_startLimit.setSingleShot(true);
    m_verifyLater.setSingleShot(true);
    m_pendingAgain.setInterval(pendingAgain);
    connect(&m_startLimit, &QTimer::timeout, this, &KubernetesJob::onStartLimit);
    connect(&m_pendingAgain, &QTimer::timeout, this, &KubernetesJob::tellPendingAgain);
    connect(&m_verifyLater, &QTimer::timeout, this, &KubernetesJob::verify);
    connect(&m_extra, &ImageContainers::stepFinished, this, &KubernetesJob::stepFinished);
}

KubernetesJob::~KubernetesJob()
{
    for (KubernetesContainer *container : std::as_const(m_all)) {
        container->disconnect();
        container->deleteLater();
    }
}

void KubernetesJob::open()
{
    if (m_launch.mode == jobs::LaunchMode::AttachOnly) {
        if (m_pod.uid.isEmpty())
            verify();
        return;
    }
    const auto pod = makePod(m_launch, m_cluster.settings);
    if (!pod)
        return lose(pod.error().message);
    m_maker = new PodMaker(m_cluster, m_launch, *pod, this);
    // The watch may have shown it already, and then as something newer.
    connect(m_maker, &PodMaker::made, this, [this](const QJsonObject &made) {
        if (m_pod.uid.isEmpty())
            onPod(made);
    });
    connect(m_maker, &PodMaker::waiting, this, &KubernetesJob::tellPending);
    connect(m_maker, &PodMaker::refused, this, &KubernetesJob::lose);
    m_maker->start();
}

void KubernetesJob::tellAgain()
{
    if (!m_lost.isEmpty()) {
        emit lost(m_lost);
        return;
    }
    if (m_started)
        emit started();
    else if (!m_pendingReason.isEmpty())
        emit pending(m_pendingReason);
    if (m_coordinatorEnd)
        emit coordinatorExited(*m_coordinatorEnd);
}

void KubernetesJob::onPod(const QJsonObject &object)
{
    PodView pod = readPod(object);
    if (!m_lost.isEmpty() || m_isClosed || (!m_pod.uid.isEmpty() && pod.uid != m_pod.uid))
        return;
    const bool isFirst = m_pod.uid.isEmpty();
    m_pod = std::move(pod);
    if (isFirst)
        learnContainers();
    for (const ContainerView &view : std::as_const(m_pod.containers)) {
        if (!view.isEphemeral)
            followContainer(view);
    }
    m_extra.onPod(m_pod);
    // Now that the added containers are known, too: a step's may be one of them.
    for (const auto &action : std::exchange(m_early, {}))
        action();
    if (m_pod.pending && m_pod.pending->isHopeless)
        return lose(m_pod.pending->sentence);
    if (m_pod.pending && !m_started)
        tellPending(m_pod.pending->sentence);
}

// The pod says which containers there are: the pipeline may have changed since another master made it.
void KubernetesJob::learnContainers()
{
    const bool mayBegin = m_launch.mode == jobs::LaunchMode::StartOrAttach;
    const auto handover = mayBegin ? link::KeyHandover::Allowed : link::KeyHandover::Forbidden;
    for (const ContainerView &view : std::as_const(m_pod.containers)) {
        if (view.isEphemeral)
            continue;
        KubernetesContainer *container = makeContainer(view.name, handover);
        m_containers[view.name] = container;
        connect(container, &KubernetesContainer::up, this, &KubernetesJob::onUp);
        connect(container, &KubernetesContainer::died, this,
                [this, name = view.name](const QString &reason) { onContainerDied(name, reason); });
        if (view.name == coordinatorContainer)
            connectCoordinator(container);
        else
            m_workers.append({view.name, view.image});
    }
    if (!m_containers.contains(coordinatorContainer) || m_workers.isEmpty())
        return lose(u"the job's pod has not the containers of a job"_s);
    if (mayBegin)
        m_startLimit.start(m_cluster.settings.startLimit);
    else
        startCoordinator();
}

KubernetesContainer *KubernetesJob::makeContainer(const QString &name, link::KeyHandover handover)
{
    auto *container = new KubernetesContainer({.job = m_launch.job.id,
                                               .nameSpace = m_cluster.settings.jobsNamespace,
                                               .pod = podNameOf(m_launch.job.id),
                                               .container = name,
                                               .key = m_cluster.keyring.agentKey(m_launch.job.id, name),
                                               .logs = &m_cluster.logs,
                                               .handover = handover,
                                               .unreachableLimit = m_cluster.settings.unreachableLimit,
                                               .credentials = m_cluster.client.credentials(),
                                               .limiter = m_cluster.client.limiter()});
    container->moveToThread(m_cluster.logs.ioThread());
    m_all.append(container);
    connect(container, &KubernetesContainer::unreachable, this, [this, name](const QString &sentence) {
        if (!m_started)
            tellPending(u"container %1 cannot be reached yet: %2"_s.arg(name, sentence));
    });
    connect(container, &KubernetesContainer::doubtful, this, &KubernetesJob::verify);
    if (name != coordinatorContainer) {
        connect(container, &KubernetesContainer::stepStarted, this, &KubernetesJob::stepStarted);
        connect(container, &KubernetesContainer::stepFinished, this, &KubernetesJob::stepFinished);
    }
    return container;
}

void KubernetesJob::connectCoordinator(KubernetesContainer *container)
{
    connect(container, &KubernetesContainer::stepStarted, this, [this] {
        m_started = true;
        m_startLimit.stop();
        emit started();
    });
    connect(container, &KubernetesContainer::stepFinished, this, [this](StepNumber, const StepOutcome &outcome) {
        if (outcome.kind == OutcomeKind::Lost)
            return onContainerDied(coordinatorContainer, outcome.message);
        // Nobody here cancels a coordinator: its container is being ended from outside, and the pod will say why.
        if (outcome.kind == OutcomeKind::Cancelled)
            return verify();
        m_coordinatorEnd = outcome;
        emit coordinatorExited(outcome);
    });
}

void KubernetesJob::followContainer(const ContainerView &view)
{
    const auto found = m_containers.find(view.name);
    if (found == m_containers.end())
        return;
    KubernetesContainer *container = found->second;
    if (const auto end = endOf(m_pod, view))
        QMetaObject::invokeMethod(container, [container, end] { container->end(end->sentence); });
    else if (view.phase == ContainerView::Phase::Running)
        QMetaObject::invokeMethod(container, &KubernetesContainer::setRunning);
}

void KubernetesJob::onPodRemoved(const QString &uid)
{
    if (m_pod.uid.isEmpty() || uid != m_pod.uid)
        return;
    const QString sentence = endOfRemoved(m_pod).sentence;
    for (KubernetesContainer *container : std::as_const(m_all))
        QMetaObject::invokeMethod(container, [container, sentence] { container->end(sentence); });
    m_extra.loseAll(sentence);
}

void KubernetesJob::verify()
{
    if (!m_lost.isEmpty() || m_isClosed || std::exchange(m_isVerifying, true))
        return;
    m_cluster.client.send(
        kube::requests::get(kube::resources::pods, m_cluster.settings.jobsNamespace, podNameOf(m_launch.job.id)), this,
        [this](const kube::ApiResult<QJsonObject> &answer) {
            m_isVerifying = false;
            onVerified(answer);
        });
}

void KubernetesJob::onVerified(const kube::ApiResult<QJsonObject> &answer)
{
    const bool isKnown = !m_pod.uid.isEmpty();
    const bool isGone = !answer && answer.error().kind == kube::ApiError::Kind::NotFound;
    if (!answer && !isGone) {
        m_verifyLater.start(m_backoff.next());
        return;
    }
    m_backoff.reset();
    const bool isOurs = answer && jobOf(*answer, m_cluster.settings.instance) == m_launch.job.id;
    const bool isAnother = isKnown && answer && (*answer)["metadata"_L1]["uid"_L1].toString() != m_pod.uid;
    if (isOurs && !isAnother)
        return onPod(*answer);
    if (isKnown)
        return onPodRemoved(m_pod.uid);
    if (m_launch.mode == jobs::LaunchMode::AttachOnly)
        lose(u"the job's pod is gone"_s);
}

void KubernetesJob::onUp()
{
    if (++m_up < std::ssize(m_containers) || m_launch.mode == jobs::LaunchMode::AttachOnly)
        return;
    // Only now, with all keys handed over, may anything of the job run.
    startCoordinator();
}

void KubernetesJob::startCoordinator()
{
    const bool mayStart = m_launch.mode == jobs::LaunchMode::StartOrAttach;
    auto spec = mayStart ? std::optional(coordinatorSpec(m_launch, m_cluster.settings)) : std::nullopt;
    KubernetesContainer *container = m_containers.at(coordinatorContainer);
    QMetaObject::invokeMethod(container,
                              [container, spec = std::move(spec)] { container->start(StepNumber::Coordinator, spec); });
}

// Before the containers are known, what is asked of them waits.
void KubernetesJob::whenKnown(std::function<void()> action)
{
    if (m_containers.empty() && m_lost.isEmpty())
        m_early.append(std::move(action));
    else
        action();
}

// Empty: the image was not declared.
QString KubernetesJob::containerOf(const QString &image) const
{
    if (image.isEmpty())
        return m_workers.first().name;
    const auto found = std::ranges::find(m_workers, image, &WorkerContainer::image);
    return found == m_workers.end() ? QString() : found->name;
}

void KubernetesJob::startStep(const jobs::StepLaunch &step)
{
    m_images[step.number] = step.image;
    whenKnown([this, step] {
        if (!m_lost.isEmpty()) {
            emit stepFinished(step.number, StepOutcome{.message = m_lost});
            return;
        }
        const QString name = containerOf(step.image);
        if (name.isEmpty())
            return m_extra.start(step);
        KubernetesContainer *container = m_containers.at(name);
        QMetaObject::invokeMethod(container,
                                  [container, number = step.number, spec = stepSpec(step, m_cluster.settings)] {
                                      container->start(number, spec);
                                  });
    });
}

void KubernetesJob::killStep(StepNumber number, jobs::KillReason reason)
{
    whenKnown([this, number, reason] {
        const QString image = m_images.value(number);
        if (!m_lost.isEmpty())
            return;
        if (containerOf(image).isEmpty())
            return m_extra.kill(number, image, reason);
        KubernetesContainer *container = m_containers.at(containerOf(image));
        const auto cause = reason == jobs::KillReason::Timeout ? link::KillCause::Timeout : link::KillCause::Cancelled;
        QMetaObject::invokeMethod(container, [container, number, cause, grace = m_cluster.settings.killGrace] {
            container->kill(number, cause, grace);
        });
    });
}

void KubernetesJob::onContainerDied(const QString &name, const QString &reason)
{
    // An agent that goes after its work was told is no loss; the coordinator's end was told already.
    const bool isTold = name == coordinatorContainer && m_coordinatorEnd.has_value();
    if (!isTold)
        lose(reason);
}

void KubernetesJob::onStartLimit()
{
    const qint64 allowed = m_cluster.settings.startLimit.count() / 1000;
    const QString why = m_pendingReason.isEmpty() ? QString() : u": "_s + m_pendingReason;
    lose(u"the job's pod was not up within %1 s%2"_s.arg(allowed).arg(why));
}

void KubernetesJob::tellPending(const QString &sentence)
{
    const bool isKnown = m_pendingReason.startsWith(sentence); // told before, maybe with more detail
    if (m_started || m_isClosed || !m_lost.isEmpty() || isKnown)
        return;
    m_pendingReason = sentence;
    m_pendingAgain.start();
    emit pending(sentence);
}

void KubernetesJob::tellPendingAgain()
{
    if (m_started || m_isClosed || !m_lost.isEmpty())
        m_pendingAgain.stop();
    else
        emit pending(m_pendingReason);
}

void KubernetesJob::lose(const QString &reason)
{
    if (m_isClosed || !m_lost.isEmpty())
        return;
    m_lost = reason;
    m_startLimit.stop();
    m_verifyLater.stop();
    qCWarning(jobLog).noquote() << u"job lost job=%1 reason=\"%2\""_s.arg(m_launch.job.id.value(), reason);
    m_extra.loseAll(reason);
    for (const auto &action : std::exchange(m_early, {}))
        action();
    emit lost(reason);
}

void KubernetesJob::close()
{
    if (std::exchange(m_isClosed, true))
        return;
    m_startLimit.stop();
    m_verifyLater.stop();
    for (KubernetesContainer *container : std::as_const(m_all))
        QMetaObject::invokeMethod(container,
                                  [container, grace = m_cluster.settings.killGrace] { container->shutdown(grace); });
    if (!m_maker) {
        QMetaObject::invokeMethod(this, &KubernetesJob::closed, Qt::QueuedConnection);
        return;
    }
    connect(m_maker, &PodMaker::stopped, this, &KubernetesJob::closed);
    m_maker->stop();
}

} // namespace danube::kubernetes
