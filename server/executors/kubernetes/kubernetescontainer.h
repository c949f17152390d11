// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/link/containerlink.h"
#include "server/kube/execconnection.h"
#include "server/kube/limiter.h"

namespace danube::kubernetes {

/// One container of a job's pod, reached by one long-lived exec of `danube-agent link`, which carries all its steps and
/// is opened again after a break. Lives on the io thread. It cannot know whether the container still exists: what the
/// watch says comes by setRunning() and end(), and a refused exec is only reported, never judged here.
class KubernetesContainer : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        JobId job;
        QString nameSpace;
        QString pod;
        QString container;
        Secret key; ///< the container key
        logs::LogService *logs = nullptr;
        link::KeyHandover handover = link::KeyHandover::Forbidden; ///< until the first link is up
        milliseconds unreachableLimit{0};                          ///< 0 = none
        std::shared_ptr<kube::Credentials> credentials;
        std::shared_ptr<kube::Limiter> limiter;
    };
    explicit KubernetesContainer(Settings settings, QObject *parent = nullptr);
    ~KubernetesContainer() override;

    /// The container runs: connects, and keeps connected.
    void setRunning();
    /// The container is gone. What its last connection still holds is read first; then steps without an outcome are
    /// Lost, and died().
    void end(const QString &reason);
    /// As ContainerLink::start(); on a dead container the step is Lost.
    void start(StepNumber step, std::optional<link::StepSpec> spec);
    void kill(StepNumber step, link::KillCause cause, milliseconds grace);
    /// The job is released: the agent, if it can be reached now, ends all steps; nothing is reported any more.
    void shutdown(milliseconds grace);

signals:
    void up();                          ///< the first time the link is ready
    void unreachable(QString sentence); ///< an attempt failed or a connection broke; another one follows
    void doubtful();                    ///< the API server says there is no such container; somebody should look
    void died(QString reason);          ///< once; no step runs any more
    void stepStarted(danube::StepNumber step);
    void stepFinished(danube::StepNumber step, danube::StepOutcome outcome);

private:
    enum class State { Waiting, Connecting, Up, Closing, Ending, Dead };

    void connectSoon(milliseconds delay);
    void openConnection();
    void onConnected();
    void onConnectionEnded(const kube::ExecEnd &end);
    void onReady();
    void onBroken(const Error &error);
    void retry(const QString &why);
    void dropConnection();
    void noteSilence(milliseconds down, const QString &why);
    void die();

    Settings m_settings;
    link::ContainerLink m_link;
    QPointer<kube::ExecConnection> m_connection; ///< the one in use, or being opened
    State m_state = State::Waiting;
    bool m_wasUp = false;
    QString m_endReason;
    Backoff m_backoff{milliseconds(100), milliseconds(10'000)};
    QTimer m_retry{this};
    QTimer m_lastWords{this}; ///< bounds the wait for a gone container's last bytes
    SteadyTime m_downSince{};
    bool m_isNoted = false; ///< the job's log says that the container cannot be reached
};

} // namespace danube::kubernetes
