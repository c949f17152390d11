// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/canarymachine.h"
#include "server/kube/watcher.h"

namespace danube::egress {

/// Proves by a pod, again and again, that the policy in force refuses what it should. A finding holds for the policy
/// set it was made under, and for `life`.
///
/// Control thread. `client` and `clock` outlive it.
class Canary : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        CanaryPod pod; ///< without a name
        milliseconds interval{3'600'000};
        milliseconds life{10'800'000}; ///< so long is a finding believed
        milliseconds limit{90'000};    ///< of one try, the image's pull included
        milliseconds retryFirst{30'000};
        milliseconds retryLimit{1'800'000};
    };
    Canary(kube::Client &client, const Clock &clock, Settings settings, QObject *parent = nullptr);
    ~Canary() override; ///< a pod under way is found and removed by the next master

    /// The policy set that is in force; empty = none is, and nothing is tried.
    void setPolicy(const QString &digest);
    const std::optional<CanaryFinding> &finding() const { return m_finding; }
    milliseconds life() const { return m_settings.life; }

signals:
    void found(); ///< finding() is a new one

private:
    void advance(const canary::Event &event);
    void act(const canary::Action &action);
    void createPod();
    void removePod(const QString &name);
    void seen(const QJsonObject &pod);
    void vanished(const QJsonObject &pod);
    void conclude(CanaryFinding finding);

    kube::Client &m_client;
    const Clock &m_clock;
    Settings m_settings;
    canary::State m_state = canary::State::Idle;
    QString m_digest;
    QString m_name; ///< of the pod under way
    std::optional<CanaryFinding> m_finding;
    std::unique_ptr<QObject> m_turn; ///< context of the creation under way
    kube::Watcher m_watcher;
    Backoff m_backoff;
    QTimer m_limit{this};
    QTimer m_again{this};
};

} // namespace danube::egress
