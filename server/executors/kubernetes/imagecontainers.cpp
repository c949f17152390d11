// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/imagecontainers.h"

#include "server/executors/kubernetes/podnames.h"
#include "server/executors/kubernetes/podspec.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(imageLog, "danube.kubernetes.image")

} // namespace

ImageContainers::ImageContainers(Cluster &cluster, JobId job, Pipeline pipeline, MakeContainer make, QObject *parent)
    : QObject(parent),
      m_cluster(cluster),
      m_job(std::move(job)),
      m_pipeline(std::move(pipeline)),
      m_make(std::move(make))
{}

void ImageContainers::start(const jobs::StepLaunch &step)
{
    if (!m_failed.isEmpty())
        return lose(step, m_failed);
    auto found = m_entries.find(step.image);
    if (found == m_entries.end()) {
        // A container that is not in the pod never ran anything.
        if (step.argv.isEmpty())
            return lose(step, u"it was never started"_s);
        const auto allowed = checkUndeclared(step.image, std::ssize(m_entries), m_pipeline, m_cluster.settings);
        if (!allowed)
            return lose(step, allowed.error().message);
        insert(step.image, freeSpareVolume());
        found = m_entries.find(step.image);
        add(found->second);
    }
    Entry &entry = found->second;
    if (entry.state == State::Dead && !entry.link)
        return lose(step, entry.deathReason);
    if (entry.state == State::Ready || entry.state == State::Dead)
        return give(entry, step);
    if (step.argv.isEmpty())
        return lose(step, u"it was never started"_s);
    entry.waiting.removeIf([&step](const jobs::StepLaunch &other) { return other.number == step.number; });
    entry.waiting.append(step);
    if (!entry.limit->isActive())
        entry.limit->start(m_cluster.settings.imagePullLimit);
}

int ImageContainers::freeSpareVolume() const
{
    for (int index = 0; index < m_cluster.settings.maxEphemeralImages; ++index) {
        const bool isUsed =
            std::ranges::any_of(m_entries, [index](const auto &entry) { return entry.second.spareVolume == index; });
        if (!isUsed)
            return index;
    }
    return m_cluster.settings.maxEphemeralImages; // the API server refuses it
}

void ImageContainers::insert(const QString &image, int spareVolume)
{
    Entry &entry = m_entries[image];
    entry.image = image;
    entry.container = ephemeralContainer(image);
    entry.spareVolume = spareVolume;
    entry.limit = std::make_unique<QTimer>();
    entry.limit->setSingleShot(true);
    connect(entry.limit.get(), &QTimer::timeout, this, [this, &entry] {
        const qint64 allowed = m_cluster.settings.imagePullLimit.count() / 1000;
        giveUp(entry, u"image %1 was not running after %2 s%3"_s.arg(entry.image)
                          .arg(allowed)
                          .arg(entry.told.isEmpty() ? QString() : u": "_s + entry.told));
    });
}

void ImageContainers::add(Entry &entry)
{
    if (entry.state != State::Adding || !m_failed.isEmpty())
        return;
    const auto patch = ephemeralPatch(entry.image, entry.spareVolume, m_pipeline, m_cluster.settings);
    if (!patch) {
        entry.state = State::Dead;
        entry.deathReason = patch.error().message;
        return giveUp(entry, entry.deathReason);
    }
    qCInfo(imageLog).noquote() << u"image added job=%1 image=%2"_s.arg(m_job.value(), entry.image);
    m_cluster.client.send(kube::requests::patchSubresource(kube::resources::pods, m_cluster.settings.jobsNamespace,
                                                           podNameOf(m_job), u"ephemeralcontainers"_s, *patch),
                          this, [this, &entry](const kube::ApiResult<QJsonObject> &answer) { onAdded(entry, answer); });
}

void ImageContainers::onAdded(Entry &entry, const kube::ApiResult<QJsonObject> &answer)
{
    using Kind = kube::ApiError::Kind;
    if (entry.state != State::Adding) // the watch was faster
        return;
    if (answer) {
        entry.state = State::Starting;
        return;
    }
    const QString sentence = answer.error().toError(u"add a container of image "_s + entry.image).message;
    const Kind kind = answer.error().kind;
    entry.told = sentence;
    if (kind == Kind::BadRequest || kind == Kind::Forbidden || kind == Kind::NotFound) {
        entry.state = State::Dead;
        entry.deathReason = sentence;
        return giveUp(entry, sentence);
    }
    later(entry, [this](Entry &again) { add(again); });
}

void ImageContainers::onPod(const PodView &pod)
{
    for (const ContainerView &view : pod.containers) {
        if (!view.isEphemeral || view.name != ephemeralContainer(view.image))
            continue; // an operator's debugging container
        if (!m_entries.contains(view.image))
            insert(view.image, view.runVolume.mid(spareRunVolume(0).size() - 1).toInt());
        follow(m_entries[view.image], pod, view);
    }
}

void ImageContainers::follow(Entry &entry, const PodView &pod, const ContainerView &view)
{
    if (entry.state == State::Adding)
        entry.state = State::Starting;
    entry.isKeyed = entry.isKeyed || view.isKeyed;
    if (const auto end = endOf(pod, view))
        return die(entry, u"image %1: %2"_s.arg(entry.image, end->sentence));
    if (entry.isKeyed && entry.state == State::Starting)
        makeReady(entry);
    if (view.phase == ContainerView::Phase::Running)
        openLink(entry);
    const auto pending = pendingOf(view);
    if (!pending)
        return;
    const bool isNews = std::exchange(entry.told, pending->sentence) != pending->sentence;
    for (const jobs::StepLaunch &step : std::as_const(entry.waiting)) {
        if (isNews)
            m_cluster.logs.note(m_job, step.number, u"the step waits: "_s + pending->sentence);
    }
    if (pending->isHopeless)
        giveUp(entry, pending->sentence);
}

void ImageContainers::die(Entry &entry, const QString &reason)
{
    if (std::exchange(entry.state, State::Dead) == State::Dead)
        return;
    entry.deathReason = reason;
    if (entry.link)
        QMetaObject::invokeMethod(entry.link, [link = entry.link, reason] { link->end(reason); });
    giveUp(entry, reason);
}

void ImageContainers::openLink(Entry &entry)
{
    if (!entry.link) {
        const auto handover = entry.isKeyed ? link::KeyHandover::Forbidden : link::KeyHandover::Allowed;
        entry.link = m_make(entry.container, handover);
        connect(entry.link, &KubernetesContainer::up, this, [this, &entry] { onUp(entry); });
        connect(entry.link, &KubernetesContainer::died, this, [&entry](const QString &reason) {
            entry.deathReason = reason;
            entry.state = State::Dead;
        });
    }
    QMetaObject::invokeMethod(entry.link, &KubernetesContainer::setRunning);
}

void ImageContainers::onUp(Entry &entry)
{
    if (entry.state != State::Starting)
        return;
    entry.state = State::Keying;
    writeKeyed(entry);
}

void ImageContainers::writeKeyed(Entry &entry)
{
    if (entry.state != State::Keying)
        return;
    kube::Request request = kube::requests::mergePatch(kube::resources::pods, m_cluster.settings.jobsNamespace,
                                                       podNameOf(m_job), keyedPatch(entry.container));
    request.isRepeatable = true;
    m_cluster.client.send(std::move(request), this, [this, &entry](const kube::ApiResult<QJsonObject> &answer) {
        if (entry.state != State::Keying)
            return;
        if (answer)
            return makeReady(entry);
        entry.told = answer.error().toError(u"write down that the container is in use"_s).message;
        later(entry, [this](Entry &again) { writeKeyed(again); });
    });
}

void ImageContainers::makeReady(Entry &entry)
{
    entry.state = State::Ready;
    entry.isKeyed = true;
    entry.limit->stop();
    if (!entry.link)
        openLink(entry);
    for (const jobs::StepLaunch &step : std::exchange(entry.waiting, {}))
        give(entry, step);
}

void ImageContainers::give(Entry &entry, const jobs::StepLaunch &step)
{
    QMetaObject::invokeMethod(entry.link, [link = entry.link, number = step.number,
                                           spec = stepSpec(step, m_cluster.settings)] { link->start(number, spec); });
}

// Nothing ran of these steps, so their end is known here and now.
void ImageContainers::kill(StepNumber step, const QString &image, jobs::KillReason reason)
{
    const auto found = m_entries.find(image);
    if (found == m_entries.end())
        return;
    Entry &entry = found->second;
    const auto isThis = [step](const jobs::StepLaunch &other) { return other.number == step; };
    if (entry.waiting.removeIf(isThis) > 0) {
        StepOutcome outcome;
        outcome.kind = reason == jobs::KillReason::Timeout ? OutcomeKind::Timeout : OutcomeKind::Cancelled;
        outcome.message = u"it was not started yet"_s;
        emit stepFinished(step, outcome);
    } else if (entry.link) {
        const auto cause = reason == jobs::KillReason::Timeout ? link::KillCause::Timeout : link::KillCause::Cancelled;
        QMetaObject::invokeMethod(entry.link, [link = entry.link, step, cause, grace = m_cluster.settings.killGrace] {
            link->kill(step, cause, grace);
        });
    }
}

void ImageContainers::giveUp(Entry &entry, const QString &reason)
{
    entry.limit->stop();
    for (const jobs::StepLaunch &step : std::exchange(entry.waiting, {}))
        lose(step, reason);
}

void ImageContainers::loseAll(const QString &reason)
{
    m_failed = reason;
    for (auto &[image, entry] : m_entries)
        giveUp(entry, reason);
}

void ImageContainers::later(Entry &entry, std::function<void(Entry &)> what)
{
    QTimer::singleShot(entry.backoff.next(), this, [&entry, what = std::move(what)] { what(entry); });
}

void ImageContainers::lose(const jobs::StepLaunch &step, const QString &reason)
{
    emit stepFinished(step.number, StepOutcome{.message = reason});
}

} // namespace danube::kubernetes
