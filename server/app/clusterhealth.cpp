// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/clusterhealth.h"

#include "server/metrics/followingcounter.h"
#include "shared/core/logging.h"

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

Q_LOGGING_CATEGORY(healthLog, "danube.kube.health")

} // namespace

ClusterHealth::ClusterHealth(kube::Client &client, QString jobsNamespace, Settings settings, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_namespace(std::move(jobsNamespace)),
      m_settings(settings),
      m_state(fail(ErrorCode::Unavailable, u"the API server has not answered yet"_s))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ClusterHealth::ask);
    m_timer.start(0);
}

void ClusterHealth::ask()
{
    auto request = kube::requests::accessReview(m_namespace, u"create"_s, kube::resources::pods);
    request.deadline = m_settings.deadline;
    request.isRepeatable = false; // the next question comes soon, and the first refusal is the one to tell
    m_client.send(std::move(request), this, [this](const kube::ApiResult<QJsonObject> &answer) {
        take(answer);
        m_timer.start(m_settings.interval);
    });
}

void ClusterHealth::take(const kube::ApiResult<QJsonObject> &answer)
{
    const bool wasGood = m_state.has_value();
    if (!answer)
        m_state = std::unexpected(answer.error().toError(u"ask the API server for our rights"_s));
    else if (!answer->value("status"_L1)["allowed"_L1].toBool())
        m_state = fail(ErrorCode::PermissionDenied,
                       u"may not create pods in namespace %1 (deploy/base/access gives this right)"_s.arg(m_namespace));
    else
        m_state = {};
    if (m_state && !wasGood)
        qCInfo(healthLog).noquote() << u"cluster usable namespace=%1"_s.arg(m_namespace);
    else if (!m_state && wasGood)
        qCWarning(healthLog).noquote() << u"cluster not usable error=\"%1\""_s.arg(m_state.error().message);
}

void ClusterHealth::showIn(metrics::Metrics &metrics)
{
    auto requests =
        metrics::FollowingCounter(metrics.counter("danube_kube_requests_total", "Requests sent to the API server."));
    auto refused = metrics::FollowingCounter(
        metrics.counter("danube_kube_refused_429_total", "Requests the API server answered with 429."));
    auto repeated = metrics::FollowingCounter(
        metrics.counter("danube_kube_repeated_total", "Requests sent again after a failure."));
    auto ready = metrics.gauge("danube_kube_ready", "1 when the API server lets us make pods.");
    metrics.onScrape(this, [=, this]() mutable {
        const auto &counts = m_client.counts();
        requests.follow(counts.requests);
        refused.follow(counts.refused429);
        repeated.follow(counts.repeated);
        ready.set(m_state ? 1 : 0);
    });
}

} // namespace danube::app
