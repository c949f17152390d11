// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/imagecontainers.h"
#include "server/executors/kubernetes/podmaker.h"
#include "server/executors/kubernetes/podspec.h"

namespace danube::kubernetes {

/// One job on the cluster: has its pod made or found, follows what the watch says of it, keeps a link to each
/// container, and starts the coordinator when all agents have their keys. Lives on the control thread; its containers
/// live on the io thread and are reached by queued calls.
class KubernetesJob : public QObject
{
    Q_OBJECT
public:
    KubernetesJob(Cluster &cluster, jobs::JobLaunch launch, QObject *parent);
    ~KubernetesJob() override;

    void open();
    void tellAgain(); ///< what was told of the job itself, to whoever launches it again
    void startStep(const jobs::StepLaunch &step);
    void killStep(StepNumber step, jobs::KillReason reason);
    /// Ends links and steps, and waits for requests under way: closed().
    void close();

    const QString &podUid() const { return m_pod.uid; }
    void onPod(const QJsonObject &pod);
    void onPodRemoved(const QString &uid);
    /// Looks at the pod itself, for when the watch cannot tell: it may never have shown it.
    void verify();

signals:
    void started();
    void pending(QString reason);
    void stepStarted(danube::StepNumber step);
    void stepFinished(danube::StepNumber step, danube::StepOutcome outcome);
    void coordinatorExited(danube::StepOutcome outcome);
    void lost(QString reason);
    void closed();

private:
    void makePodObjects();
    void onVerified(const kube::ApiResult<QJsonObject> &answer);
    void learnContainers();
    KubernetesContainer *makeContainer(const QString &name, link::KeyHandover handover);
    void connectCoordinator(KubernetesContainer *container);
    void followContainer(const ContainerView &view);
    void onUp();
    void startCoordinator();
    void onContainerDied(const QString &name, const QString &reason);
    void onStartLimit();
    void lose(const QString &reason);
    void tellPending(const QString &sentence);
    void tellPendingAgain();
    QString containerOf(const QString &image) const;
    void whenKnown(std::function<void()> action);

    Cluster &m_cluster;
    jobs::JobLaunch m_launch;
    PodMaker *m_maker = nullptr; ///< child
    PodView m_pod;
    bool m_isClosed = false;
    std::map<QString, KubernetesContainer *> m_containers; ///< by name, declared ones; on the io thread
    QList<WorkerContainer> m_workers;                      ///< as the pod has them
    QList<KubernetesContainer *> m_all;                    ///< ephemeral ones, too
    QHash<StepNumber, QString> m_images;                   ///< of steps: where a kill has to go
    ImageContainers m_extra;
    QList<std::function<void()>> m_early; ///< what was asked before the containers were known; as many as steps
    qsizetype m_up = 0;
    bool m_started = false;
    bool m_isVerifying = false;
    std::optional<StepOutcome> m_coordinatorEnd;
    QString m_lost;
    QString m_pendingReason;
    Backoff m_backoff{milliseconds(200), milliseconds(10'000)};
    QTimer m_startLimit{this};
    QTimer m_pendingAgain{this}; ///< tells why it waits again, so that the engine knows that it still does
    QTimer m_verifyLater{this};
};

} // namespace danube::kubernetes
