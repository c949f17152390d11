// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "server/metrics/metrics.h"

#include <QTimer>

namespace danube::app {

/// Whether the cluster would take a job now: asks the API server every few seconds whether we may make pods in the
/// jobs' namespace, which needs its address, certificate, our credentials and our rights to be good. Never lists
/// anything: pods are known by the executor's watch alone. Control thread.
class ClusterHealth : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        milliseconds interval{15'000};
        milliseconds deadline{5'000}; ///< of one question
    };
    ClusterHealth(kube::Client &client, QString jobsNamespace, Settings settings, QObject *parent = nullptr);

    /// The last answer; Unavailable before the first one.
    const Result<void> &state() const { return m_state; }
    /// danube_kube_*: requests, refusals by rate, repetitions, readiness.
    void showIn(metrics::Metrics &metrics);

private:
    void ask();
    void take(const kube::ApiResult<QJsonObject> &answer);

    kube::Client &m_client;
    QString m_namespace;
    Settings m_settings;
    Result<void> m_state;
    QTimer m_timer{this};
};

} // namespace danube::app
