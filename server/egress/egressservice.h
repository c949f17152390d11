// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/canary.h"
#include "server/egress/policyplan.h"
#include "server/egress/policyservice.h"
#include "server/egress/refusalservice.h"
#include "shared/egress/proposal.h"

namespace danube::egress {

/// danube-guard, for jobs of this machine.
struct JobGuard
{
    enum class Kind { Off, Audit, Enforce };
    Kind kind = Kind::Off;
    QString trouble{}; ///< why the kernel does not let jobs be guarded, one sentence; empty = it does
    bool operator==(const JobGuard &) const = default;
    bool isActive() const { return kind != Kind::Off && trouble.isEmpty(); }
};

/// What may be said of the egress of jobs that this guard has; `mode` is that of the configuration's base list.
EgressLevel levelOf(const JobGuard &guard, Mode mode);

/// Everything there is to say and do about egress, for REST and the executor: the Blueprint's lists, the policies and
/// the canary when there is a cluster, the refusals.
///
/// Control thread. References outlive it.
class EgressService : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        RefusalService::Settings refusals;
        LintOptions lint;
        PolicySettings policy{}; ///< what plans are compiled with
    };
    EgressService(const Clock &clock, store::Store &store, Settings settings, QObject *parent = nullptr);
    ~EgressService() override;

    void start();
    /// Once, before start(): jobs run on this machine, and danube-guard holds them to the lists.
    void useGuard(const JobGuard &guard);
    /// Once, before start(): policies are applied there. Without a canary nothing is ever called enforced.
    void useCluster(kube::Client &client, const PolicyService::Settings &policies,
                    const std::optional<Canary::Settings> &canary);
    /// Another configuration is in force.
    void setConfiguration(const blueprint::Snapshot &snapshot, const QString &commit);

    /// RefusalService::catchUp().
    void catchUp(QObject *context, std::function<void()> done);

    EgressLevel level() const;
    EgressLevel levelOf(const QString &pipeline) const; ///< of a job of it that is started now
    const EgressLists &lists() const { return m_lists; }
    PolicyStatus policyStatus() const { return m_policies ? m_policies->status() : PolicyStatus(); }
    const RefusalService &refusals() const { return *m_refusals; }
    /// For the executor: whether the policies of a pipeline's jobs hold now. No error without a cluster.
    Result<void> guarding(const QString &pipeline) const;
    struct Guard
    {
        kube::ResourceType type;
        QString name;
    };
    /// The objects that have to hold for a pipeline's jobs: to be read back. None without a cluster; Unavailable while
    /// one of them is not known to hold, or there is none yet.
    Result<QList<Guard>> guardsOf(const QString &pipeline) const;
    /// What is wrong with one of them as it was read back, one sentence; nullopt = it holds. Another name than those
    /// wanted now never does.
    std::optional<QString> whyNotGuarding(const QString &name, const QJsonObject &live) const;

    /// {level, reason, applies, kind, mode, commit, digest, policies, notes, foreign, canary?, error?, allowlist,
    /// pipelines, flows}.
    QJsonObject toJson() const;

    /// What another configuration would do to access and objects; nothing is changed.
    PolicyPlan plan(const blueprint::Snapshot &snapshot) const;
    bool hasCluster() const { return m_policies != nullptr; } ///< objects are applied somewhere
    /// Puts right what others changed in the objects, whatever egress.repair says; names them. Conflict without a
    /// cluster.
    Result<QStringList> repair();

    struct Test
    {
        QStringList hosts; ///< "host", "host:port" or URL; at most 100
        QString pipeline{};
        std::optional<QStringList> allowlist{}; ///< in place of both lists
    };
    static constexpr qsizetype maxHosts = 100;
    /// {results: verdicts in the order of the hosts, findings: of the allowlist, when one was given}. InvalidArgument
    /// names the host; NotFound the pipeline.
    Result<QJsonObject> test(const Test &test) const;

    /// What would let through what was refused: of one job, or of a pipeline since a time. Jobs of strangers' changes
    /// (pull requests) never count. Nothing is changed by it.
    struct ProposalRequest
    {
        JobId job{}; ///< or:
        QString pipeline{};
        WallTime since{};
    };
    Result<QJsonObject> propose(const ProposalRequest &request) const;

signals:
    void levelChanged(const danube::egress::EgressLevel &level);
    /// A job was refused a place for the first time; what is to be done about it.
    void violated(const danube::EgressRefusal &refusal, danube::blueprint::OnViolation policy);

private:
    Result<QList<EgressRefusal>> refusalsFor(const ProposalRequest &request) const;
    bool isTrusted(const JobId &job) const;
    QJsonArray pipelinesToJson() const;
    void update();
    void proveAgain();

    const Clock &m_clock;
    store::Store &m_store;
    Settings m_settings;
    EgressLists m_lists;
    std::unique_ptr<RefusalService> m_refusals;
    std::optional<JobGuard> m_guard;
    std::unique_ptr<PolicyService> m_policies;
    std::unique_ptr<Canary> m_canary;
    QString m_forbiddenName; ///< of the canary
    EgressLevel m_level;
    QTimer m_recheck{this}; ///< a canary's finding grows old without an event
};

} // namespace danube::egress
