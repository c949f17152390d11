// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/cluster.h"

#include <QJsonObject>

namespace danube::kubernetes {

/// Takes one job's objects out of the cluster: the pod with its processes, by uid, then the Secret. Tries until they
/// are gone, however long a node takes to confirm it: a pod that only vanished from the API may still run. Waits for
/// the watch, and looks itself only when that is overdue. Control thread.
class PodRemover : public QObject
{
    Q_OBJECT
public:
    /// `uid`: of the pod, when it is known; else it is looked up.
    PodRemover(Cluster &cluster, JobId job, QString uid, QObject *parent);

    void start();
    /// What the watch says.
    void onPodRemoved(const QString &uid);
    /// Looks now, instead of when it is due: after a relist, or when somebody asks again.
    void lookNow();

signals:
    void removed(danube::JobId job); ///< once: neither pod nor Secret exists any more

private:
    enum class Stage { LookUp, RemovePod, AwaitEnd, RemoveSecret, Done };
    using Answer = kube::ApiResult<QJsonObject>;

    void act();
    void onAnswer(Stage asked, const Answer &answer);
    void onLookedUp(const Answer &answer);
    void onPodDelete(const Answer &answer);
    void onSecretDelete(const Answer &answer);
    void proceed(Stage stage);
    void tryLater(const kube::ApiError &error);

    Cluster &m_cluster;
    JobId m_job;
    QString m_uid;
    Stage m_stage = Stage::LookUp;
    bool m_isBusy = false;
    Backoff m_backoff{milliseconds(200), milliseconds(15'000)};
    QTimer m_timer{this};
};

} // namespace danube::kubernetes
