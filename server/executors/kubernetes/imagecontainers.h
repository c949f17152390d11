// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/cluster.h"
#include "server/executors/kubernetes/kubernetescontainer.h"
#include "server/executors/kubernetes/podview.h"
#include "server/jobs/executor.h"

#include <map>

namespace danube::kubernetes {

/// The containers of one job whose images only its steps name: ephemeral containers, added to the running pod. They are
/// never removed or restarted, so an image has one for the job's life, on a spare run volume of its own. A step waits
/// here until its container's agent has the key, and that is written at the pod (keyedPatch): before, no step can have
/// run there, so a new master may hand over the key; afterwards never again. Control thread.
class ImageContainers : public QObject
{
    Q_OBJECT
public:
    /// Makes a link to a container; the job owns it.
    using MakeContainer = std::function<KubernetesContainer *(const QString &name, link::KeyHandover handover)>;
    ImageContainers(Cluster &cluster, JobId job, Pipeline pipeline, MakeContainer make, QObject *parent);

    void start(const jobs::StepLaunch &step);
    void kill(StepNumber step, const QString &image, jobs::KillReason reason);
    void onPod(const PodView &pod);
    /// Nothing can run any more: waiting steps are Lost.
    void loseAll(const QString &reason);

signals:
    void stepFinished(danube::StepNumber step,
                      danube::StepOutcome outcome); ///< of steps that never reached a container

private:
    enum class State { Adding, Starting, Keying, Ready, Dead };
    struct Entry
    {
        QString image;
        QString container;
        int spareVolume = 0;
        State state = State::Adding;
        bool isKeyed = false;
        QList<jobs::StepLaunch> waiting;
        QString told; ///< last pending sentence in the steps' logs
        QString deathReason;
        KubernetesContainer *link = nullptr; ///< lives on the io thread
        std::unique_ptr<QTimer> limit;
        Backoff backoff{milliseconds(200), milliseconds(10'000)};
    };

    int freeSpareVolume() const;
    void insert(const QString &image, int spareVolume);
    void add(Entry &entry);
    void onAdded(Entry &entry, const kube::ApiResult<QJsonObject> &answer);
    void follow(Entry &entry, const PodView &pod, const ContainerView &view);
    void die(Entry &entry, const QString &reason);
    void openLink(Entry &entry);
    void onUp(Entry &entry);
    void writeKeyed(Entry &entry);
    void makeReady(Entry &entry);
    void give(Entry &entry, const jobs::StepLaunch &step);
    void giveUp(Entry &entry, const QString &reason);
    void later(Entry &entry, std::function<void(Entry &)> what);
    void lose(const jobs::StepLaunch &step, const QString &reason);

    Cluster &m_cluster;
    JobId m_job;
    Pipeline m_pipeline;
    MakeContainer m_make;
    std::map<QString, Entry> m_entries; ///< by image; entries stay, so references to them do
    QString m_failed;
};

} // namespace danube::kubernetes
