// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/canary.h"

#include "server/egress/policyobject.h"
#include "shared/core/id.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Q_LOGGING_CATEGORY(canaryLog, "danube.egress.canary")

constexpr int nameBytes = 4;

template <class... Ts> struct Overloaded : Ts...
{
    using Ts::operator()...;
};

} // namespace

Canary::Canary(kube::Client &client, const Clock &clock, Settings settings, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_clock(clock),
      m_settings(std::move(settings)),
      m_watcher(client, {.type = kube::resources::pods,
                         .nameSpace = m_settings.pod.nameSpace,
                         .labelSelector = canarySelector(m_settings.pod.instance)}),
      m_backoff(m_settings.retryFirst, m_settings.retryLimit)
{
    m_limit.setSingleShot(true);
    m_again.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { advance(canary::TimedOut{}); });
    connect(&m_again, &QTimer::timeout, this, [this] { advance(canary::Begin{}); });
    connect(&m_watcher, &kube::Watcher::changed, this, &Canary::seen);
    connect(&m_watcher, &kube::Watcher::removed, this, &Canary::vanished);
}

Canary::~Canary() = default;

void Canary::setPolicy(const QString &digest)
{
    if (digest == m_digest)
        return;
    m_digest = digest;
    advance(canary::PolicyChanged{});
    m_backoff.reset();
    if (digest.isEmpty()) {
        m_again.stop();
        return m_watcher.stop();
    }
    m_watcher.start();
    m_again.start(0);
}

void Canary::advance(const canary::Event &event)
{
    const canary::Step step = canary::next(m_state, event);
    m_state = step.state;
    if (m_state == canary::State::Idle)
        m_limit.stop();
    for (const canary::Action &action : step.actions)
        act(action);
}

void Canary::act(const canary::Action &action)
{
    std::visit(Overloaded{
                   [this](const canary::CreatePod &) { createPod(); },
                   [this](const canary::RemovePod &) { removePod(m_name); },
                   [this](const canary::Judge &judge) { conclude(judgeCanary(judge.end, m_settings.pod.targets)); },
                   [this](const canary::GiveUp &give) {
                       conclude(
                           {.kind = CanaryFinding::Kind::Inconclusive, .sentence = give.why, .digest = {}, .at = {}});
                   },
               },
               action);
}

void Canary::createPod()
{
    CanaryPod pod = m_settings.pod;
    m_name = pod.name = u"%1-egress-canary-%2"_s.arg(pod.instance, randomHex(nameBytes));
    const auto limit = std::chrono::ceil<seconds>(m_settings.limit);
    m_limit.start(m_settings.limit);
    m_turn = std::make_unique<QObject>();
    m_client.send(kube::requests::create(kube::resources::pods, pod.nameSpace, canaryManifest(pod, limit)),
                  m_turn.get(), [this, name = m_name](const kube::ApiResult<QJsonObject> &answer) {
                      if (answer)
                          advance(canary::Created{});
                      else
                          advance(canary::Refused{answer.error().toError(u"create pod "_s + name).message});
                  });
}

void Canary::removePod(const QString &name)
{
    m_client.send(kube::requests::remove(kube::resources::pods, m_settings.pod.nameSpace, name, seconds(0)), this,
                  [name](const kube::ApiResult<QJsonObject> &answer) {
                      if (!answer && answer.error().kind != kube::ApiError::Kind::NotFound)
                          qCWarning(canaryLog).noquote()
                              << u"pod not removed pod=%1 error=\"%2\""_s.arg(name, answer.error().message);
                  });
}

void Canary::seen(const QJsonObject &pod)
{
    const QString name = nameOf(pod);
    const bool isCurrent = m_state != canary::State::Idle && name == m_name;
    const bool isLeaving = !pod["metadata"_L1]["deletionTimestamp"_L1].isUndefined();
    if (!isCurrent && !isLeaving)
        return removePod(name); // of a master that was killed
    if (const auto end = canaryEndOf(pod); isCurrent && end)
        advance(canary::Ended{*end});
}

void Canary::vanished(const QJsonObject &pod)
{
    if (nameOf(pod) == m_name)
        advance(canary::Vanished{});
}

void Canary::conclude(CanaryFinding finding)
{
    finding.digest = m_digest;
    finding.at = m_clock.wall();
    qCInfo(canaryLog).noquote() << u"canary result=%1 detail=\"%2\""_s.arg(toText(finding.kind), finding.sentence);
    const bool isCertain = finding.kind != CanaryFinding::Kind::Inconclusive;
    if (isCertain)
        m_backoff.reset();
    m_again.start(isCertain ? m_settings.interval : m_backoff.next());
    m_finding = std::move(finding);
    emit found();
}

} // namespace danube::egress
