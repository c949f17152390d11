// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podremover.h"

#include "server/executors/kubernetes/podnames.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(podLog, "danube.kubernetes.pod")

constexpr milliseconds overdue{20'000}; ///< beyond the grace

} // namespace

PodRemover::PodRemover(Cluster &cluster, JobId job, QString uid, QObject *parent)
    : QObject(parent),
      m_cluster(cluster),
      m_job(std::move(job)),
      m_uid(std::move(uid)),
      m_stage(m_uid.isEmpty() ? Stage::LookUp : Stage::RemovePod)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &PodRemover::act);
}

void PodRemover::start()
{
    act();
}

void PodRemover::act()
{
    if (m_isBusy || m_stage == Stage::Done)
        return;
    const QString &nameSpace = m_cluster.settings.jobsNamespace;
    const auto send = [this](kube::Request request) {
        request.isRepeatable = true; // each of them names its object exactly
        m_isBusy = true;
        m_cluster.client.send(std::move(request), this,
                              [this, asked = m_stage](const Answer &answer) { onAnswer(asked, answer); });
    };
    switch (m_stage) {
    case Stage::LookUp:
        return send(kube::requests::get(kube::resources::pods, nameSpace, podNameOf(m_job)));
    case Stage::RemovePod:
        return send(kube::requests::remove(kube::resources::pods, nameSpace, podNameOf(m_job),
                                           std::chrono::ceil<seconds>(m_cluster.settings.killGrace), m_uid));
    case Stage::AwaitEnd: // overdue
        qCWarning(podLog).noquote() << u"pod does not go job=%1 uid=%2"_s.arg(m_job.value(), m_uid);
        return proceed(Stage::LookUp);
    case Stage::RemoveSecret:
        return send(kube::requests::remove(kube::resources::secrets, nameSpace, secretNameOf(m_job)));
    case Stage::Done:
        return;
    }
}

void PodRemover::lookNow()
{
    if (m_stage == Stage::AwaitEnd)
        return proceed(Stage::LookUp);
    if (m_timer.isActive())
        m_timer.start(0);
}

void PodRemover::onPodRemoved(const QString &uid)
{
    if (uid == m_uid && (m_stage == Stage::AwaitEnd || m_stage == Stage::RemovePod))
        proceed(Stage::RemoveSecret);
}

void PodRemover::proceed(Stage stage)
{
    m_stage = stage;
    m_timer.stop();
    act();
}

void PodRemover::onAnswer(Stage asked, const Answer &answer)
{
    m_isBusy = false;
    if (asked != m_stage) // the watch was faster
        return act();
    switch (m_stage) {
    case Stage::LookUp:
        return onLookedUp(answer);
    case Stage::RemovePod:
        return onPodDelete(answer);
    case Stage::RemoveSecret:
        return onSecretDelete(answer);
    case Stage::AwaitEnd:
    case Stage::Done:
        return;
    }
}

void PodRemover::onLookedUp(const Answer &answer)
{
    if (!answer && answer.error().kind != kube::ApiError::Kind::NotFound)
        return tryLater(answer.error());
    const bool isOurs = answer && jobOf(*answer, m_cluster.settings.instance) == m_job;
    if (!isOurs)
        return proceed(Stage::RemoveSecret);
    m_uid = (*answer)["metadata"_L1]["uid"_L1].toString();
    proceed(Stage::RemovePod);
}

void PodRemover::onPodDelete(const Answer &answer)
{
    using Kind = kube::ApiError::Kind;
    if (!answer && answer.error().kind == Kind::NotFound)
        return proceed(Stage::RemoveSecret);
    if (!answer && answer.error().kind == Kind::Conflict)
        return proceed(Stage::LookUp); // another pod has the name by now
    if (!answer)
        return tryLater(answer.error());
    m_stage = Stage::AwaitEnd;
    m_timer.start(m_cluster.settings.killGrace + overdue + m_backoff.next());
}

void PodRemover::onSecretDelete(const Answer &answer)
{
    if (!answer && answer.error().kind != kube::ApiError::Kind::NotFound)
        return tryLater(answer.error());
    m_stage = Stage::Done;
    qCInfo(podLog).noquote() << u"pod removed job=%1"_s.arg(m_job.value());
    emit removed(m_job);
}

void PodRemover::tryLater(const kube::ApiError &error)
{
    if (error.kind == kube::ApiError::Kind::Unauthorized)
        m_cluster.client.credentials()->forget();
    qCWarning(podLog).noquote() << u"pod not removed job=%1 try=%2 error=\"%3\""_s.arg(m_job.value())
                                       .arg(m_backoff.attempt() + 1)
                                       .arg(error.message);
    m_timer.start(std::max(m_backoff.next(), milliseconds(error.retryAfter.value_or(seconds(0)))));
}

} // namespace danube::kubernetes
