// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podmaker.h"

#include "server/executors/kubernetes/podnames.h"
#include "server/executors/kubernetes/podspec.h"

#include <QJsonArray>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(podLog, "danube.kubernetes.pod")

} // namespace

std::optional<QString> policyProblem(const QString &name, const QJsonObject &policy)
{
    for (const QJsonValue condition : policy["status"_L1]["conditions"_L1].toArray()) {
        if (condition["type"_L1].toString() != "Valid"_L1)
            continue;
        if (condition["status"_L1].toString() == "True"_L1)
            return {};
        return u"the network policy %1 is not valid: %2"_s.arg(name, condition["message"_L1].toString().simplified());
    }
    return u"the network policy %1 was not taken in by Cilium yet"_s.arg(name);
}

PodMaker::PodMaker(Cluster &cluster, const jobs::JobLaunch &launch, QJsonObject pod, QObject *parent)
    : QObject(parent),
      m_cluster(cluster),
      m_job(launch.job.id),
      m_pipeline(launch.pipeline.name),
      m_secret(makeSecret(launch, cluster.settings)),
      m_pod(std::move(pod))
{
    m_retry.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &PodMaker::act);
    connect(&m_limit, &QTimer::timeout, this, &PodMaker::onLimit);
}

PodMaker::~PodMaker()
{
    m_cluster.quota.leave(m_job);
}

void PodMaker::start()
{
    m_limit.start(m_cluster.settings.startLimit);
    act();
}

void PodMaker::stop()
{
    m_isStopped = true;
    m_retry.stop();
    m_limit.stop();
    m_cluster.quota.leave(m_job);
    if (!m_isBusy)
        QMetaObject::invokeMethod(this, &PodMaker::stopped, Qt::QueuedConnection);
}

void PodMaker::act()
{
    if (m_isStopped || m_isBusy)
        return;
    const QString &nameSpace = m_cluster.settings.jobsNamespace;
    switch (m_stage) {
    case Stage::Policies:
        return readPolicies();
    case Stage::Secret:
        return send(kube::requests::create(kube::resources::secrets, nameSpace, m_secret));
    case Stage::Pod:
        return send(kube::requests::create(kube::resources::pods, nameSpace, m_pod));
    case Stage::ReadPod:
        return send(kube::requests::get(kube::resources::pods, nameSpace, podNameOf(m_job)));
    case Stage::Owner:
        return send(kube::requests::mergePatch(kube::resources::secrets, nameSpace, secretNameOf(m_job),
                                               ownerPatch(m_job, m_uid)));
    case Stage::Done:
        return;
    }
}

// Asked for anew at each attempt: another commit may be in force.
void PodMaker::readPolicies()
{
    if (!m_guards) {
        auto guards = m_cluster.guardsOf ? m_cluster.guardsOf(m_pipeline) : Result<QList<GuardingPolicy>>();
        if (!guards)
            return tryLater(guards.error().message);
        for (const QString &name : m_cluster.settings.guardingPolicies)
            guards->append({kube::resources::ciliumNetworkPolicies, name,
                            [name](const QJsonObject &live) { return policyProblem(name, live); }});
        m_guards = std::move(*guards);
        m_policy = 0;
    }
    if (m_policy == m_guards->size())
        return proceed(Stage::Secret);
    send(kube::requests::get(type(), m_cluster.settings.jobsNamespace, m_guards->at(m_policy).name));
}

const kube::ResourceType &PodMaker::type() const
{
    return m_guards->at(m_policy).type;
}

void PodMaker::send(const kube::Request &request)
{
    m_isBusy = true;
    m_cluster.client.send(request, this, [this](const Answer &answer) { onAnswer(answer); });
}

void PodMaker::onAnswer(const Answer &answer)
{
    m_isBusy = false;
    if (m_isStopped) {
        emit stopped();
        return;
    }
    switch (m_stage) {
    case Stage::Policies:
        return onPolicy(answer);
    case Stage::Secret:
    case Stage::Pod:
        return onCreated(answer);
    case Stage::ReadPod:
        return onPodRead(answer);
    case Stage::Owner:
        return onOwned(answer);
    case Stage::Done:
        return;
    }
}

void PodMaker::proceed(Stage stage)
{
    m_stage = stage;
    m_backoff.reset();
    // Behind those who wait for room already, or they would never get any.
    if (stage == Stage::Pod && !m_hasRoom && !m_cluster.quota.isEmpty())
        return waitForRoom(u"other jobs wait for it already"_s);
    act();
}

// A policy that is missing or invalid may be on its way: pods wait for it, they never start unguarded.
void PodMaker::onPolicy(const Answer &answer)
{
    const GuardingPolicy guard = m_guards->at(m_policy);
    const bool isMissing = !answer && answer.error().kind == kube::ApiError::Kind::NotFound;
    if (!answer && !isMissing)
        return judge(answer.error());
    const std::optional<QString> problem =
        isMissing ? u"the network policy %1 does not exist yet"_s.arg(guard.name) : guard.problem(*answer);
    if (problem) {
        m_guards.reset();
        return tryLater(*problem);
    }
    ++m_policy;
    proceed(Stage::Policies);
}

void PodMaker::onCreated(const Answer &answer)
{
    const bool existed = !answer && answer.error().kind == kube::ApiError::Kind::AlreadyExists;
    if (!answer && !existed)
        return judge(answer.error());
    if (m_stage == Stage::Secret)
        return proceed(Stage::Pod);
    return existed ? proceed(Stage::ReadPod) : takePod(*answer);
}

// Made by a former master, or by an attempt whose answer was lost.
void PodMaker::onPodRead(const Answer &answer)
{
    if (!answer && answer.error().kind == kube::ApiError::Kind::NotFound)
        return refuse(u"the job's pod was deleted while it was being started"_s);
    if (!answer)
        return judge(answer.error());
    if (jobOf(*answer, m_cluster.settings.instance) != m_job)
        return refuse(u"a pod named %1 exists that is not this job's"_s.arg(podNameOf(m_job)));
    takePod(*answer);
}

void PodMaker::takePod(const QJsonObject &pod)
{
    m_limit.stop();
    m_uid = pod["metadata"_L1]["uid"_L1].toString();
    qCInfo(podLog).noquote() << u"pod made job=%1 uid=%2"_s.arg(m_job.value(), m_uid);
    if (m_hasRoom) // for the next one, too, maybe
        m_cluster.quota.roomMade();
    emit made(pod);
    proceed(Stage::Owner);
}

// Without it the Secret is removed all the same, by release or sweep; so this holds up nothing.
void PodMaker::onOwned(const Answer &answer)
{
    if (!answer && answer.error().isTransient()) {
        m_retry.start(m_backoff.next());
        return;
    }
    if (!answer)
        qCWarning(podLog).noquote() << u"secret without owner job=%1 error=\"%2\""_s.arg(m_job.value(),
                                                                                         answer.error().message);
    m_stage = Stage::Done;
}

void PodMaker::judge(const kube::ApiError &error)
{
    using Kind = kube::ApiError::Kind;
    const QString sentence = error.toError(attempt()).message;
    switch (error.kind) {
    case Kind::QuotaExceeded:
        return waitForRoom(error.message);
    case Kind::BadRequest:
        return refuse(sentence);
    case Kind::Forbidden: // by a right that is missing, perhaps for the first moments of an API server, or for ever
        return error.message.contains("violates PodSecurity"_L1) ? refuse(sentence) : tryLater(sentence);
    default: // among them Conflict: the quota's own bookkeeping collides when many pods are made
        if (error.kind == Kind::Unauthorized)
            m_cluster.client.credentials()->forget();
        return tryLater(sentence, error.retryAfter);
    }
}

QString PodMaker::attempt() const
{
    switch (m_stage) {
    case Stage::Policies:
        return u"read the network policy "_s + (m_guards ? m_guards->value(m_policy).name : QString());
    case Stage::Secret:
        return u"create the job's Secret"_s;
    case Stage::Pod:
        return u"create the job's pod"_s;
    default:
        return u"look at the job's pod"_s;
    }
}

void PodMaker::tryLater(const QString &sentence, std::optional<seconds> after)
{
    qCInfo(podLog).noquote() << u"pod waits job=%1 reason=\"%2\""_s.arg(m_job.value(), sentence);
    m_retry.start(std::max(m_backoff.next(), milliseconds(after.value_or(seconds(0)))));
    m_waitsFor = sentence;
    emit waiting(sentence);
}

void PodMaker::waitForRoom(const QString &why)
{
    m_limit.stop();
    m_hasRoom = false;
    m_cluster.quota.enter(m_job, [this] {
        m_limit.start(m_cluster.settings.startLimit);
        m_hasRoom = true;
        m_guards.reset(); // it may have been long
        m_stage = Stage::Policies;
        act();
    });
    emit waiting(u"the namespace's quota has no room for the pod: "_s + why);
}

// A request may be under way still: what it makes is removed with the job.
void PodMaker::onLimit()
{
    const qint64 allowed = m_cluster.settings.startLimit.count() / 1000;
    const QString why = m_waitsFor.isEmpty() ? QString() : u": "_s + m_waitsFor;
    refuse(u"the job's pod could not be made within %1 s%2"_s.arg(allowed).arg(why));
}

void PodMaker::refuse(const QString &sentence)
{
    m_stage = Stage::Done;
    m_retry.stop();
    m_limit.stop();
    qCWarning(podLog).noquote() << u"pod refused job=%1 reason=\"%2\""_s.arg(m_job.value(), sentence);
    emit refused(sentence);
}

} // namespace danube::kubernetes
