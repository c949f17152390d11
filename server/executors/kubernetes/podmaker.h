// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/cluster.h"
#include "server/jobs/executor.h"

#include <QJsonObject>

namespace danube::kubernetes {

/// Brings one job's objects into the cluster: guarding policies read back → Secret → Pod → the Secret's owner. Each
/// step may be done twice, also by another master: names are the job's, and "already exists" is as good as made. What
/// may pass is tried again with backoff, each attempt with a deadline of its own, all of them within the start limit;
/// only waiting for quota does not count, and after it the policies are read back again. What cannot pass is refused().
/// Control thread.
class PodMaker : public QObject
{
    Q_OBJECT
public:
    PodMaker(Cluster &cluster, const jobs::JobLaunch &launch, QJsonObject pod, QObject *parent);
    ~PodMaker() override;

    void start();
    /// No further request; stopped() when none is under way any more.
    void stop();

signals:
    void made(QJsonObject pod);     ///< as the API server holds it; the owner reference may still be missing
    void waiting(QString sentence); ///< what for; told at every attempt
    void refused(QString sentence); ///< it will never be made
    void stopped();

private:
    enum class Stage { Policies, Secret, Pod, ReadPod, Owner, Done };
    using Answer = kube::ApiResult<QJsonObject>;

    void act();
    void readPolicies();
    const kube::ResourceType &type() const; ///< of the policy that is read back
    void send(const kube::Request &request);
    void onAnswer(const Answer &answer);
    void onPolicy(const Answer &answer);
    void onCreated(const Answer &answer);
    void onPodRead(const Answer &answer);
    void onOwned(const Answer &answer);
    void takePod(const QJsonObject &pod);
    void proceed(Stage stage);
    void judge(const kube::ApiError &error);
    void tryLater(const QString &sentence, std::optional<seconds> after = {});
    void waitForRoom(const QString &why);
    void refuse(const QString &sentence);
    void onLimit();
    QString attempt() const;

    Cluster &m_cluster;
    JobId m_job;
    QString m_pipeline;
    QJsonObject m_secret;
    QJsonObject m_pod;
    QString m_uid;
    Stage m_stage = Stage::Policies;
    std::optional<QList<GuardingPolicy>> m_guards; ///< none: to be asked for
    qsizetype m_policy = 0;                        ///< the next of them
    bool m_hasRoom = false;                        ///< it is this job's turn at the quota
    bool m_isBusy = false;
    bool m_isStopped = false;
    Backoff m_backoff{milliseconds(200), milliseconds(10'000)};
    QTimer m_retry{this};
    QTimer m_limit{this};
    QString m_waitsFor;
};

} // namespace danube::kubernetes
