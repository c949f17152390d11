// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/policystatus.h"
#include "server/kube/watcher.h"
#include "shared/egress/policy.h"

#include <QMap>

#include <deque>

namespace danube::egress {

/// Keeps the policy objects of the jobs' namespace as the Blueprint wants them: compiles, applies one after the other
/// by server-side apply (field manager "danube"), reads back by one watch, deletes those of ours that are wanted no
/// more.
///
/// An object that somebody else changes or deletes is drift: reported, and put right when settings.repair says so, with
/// backoff, so that two controllers do not fight. A foreign manager's fields are never forced over, but in an object
/// that carries our labels and with settings.repair. Where the cluster has no CiliumNetworkPolicy, the weaker
/// NetworkPolicy takes its place; never are both in force for longer than the change from one to the other takes.
///
/// Control thread. `client` and `clock` outlive it.
class PolicyService : public QObject
{
    Q_OBJECT
public:
    enum class CiliumUse {
        Auto,     ///< what the cluster has
        Required, ///< nothing is applied without
        Off,
    };
    struct Settings
    {
        PolicySettings policy; ///< names, namespaces, the resolver, the master
        CiliumUse cilium = CiliumUse::Auto;
        bool repair = true;
        milliseconds retryFirst{1'000};
        milliseconds retryLimit{300'000};
        milliseconds probeInterval{300'000}; ///< how often a missing definition is looked for again
    };
    PolicyService(kube::Client &client, const Clock &clock, Settings settings, QObject *parent = nullptr);
    ~PolicyService() override;

    void start(); ///< nothing is touched before the first setWanted()
    /// Another configuration. What cannot be compiled is reported, and the objects stay as they are.
    void setWanted(const PolicyRequest &request);

    const PolicyStatus &status() const { return m_status; }
    /// The objects that guard a pipeline's jobs, by name; empty = none does.
    QStringList guardsOf(const QString &pipeline) const;
    /// Whether all of them hold; Unavailable names the first that does not.
    Result<void> guarding(const QString &pipeline) const;
    /// Judges an object that somebody else has just read: as wanted, and taken in by the plugin. nullopt = it holds.
    std::optional<QString> whyNotGuarding(const QString &name, const QJsonObject &live) const;
    const kube::ResourceType &type() const; ///< of the objects; only with a kind
    /// Puts right at once what drifted or has another owner, whatever settings.repair says, in objects that are ours;
    /// their names. How it went is in status().
    QStringList repair();

signals:
    void changed(); ///< status() is another
    /// Somebody changed it: `detail` names the field.
    void drifted(const QString &policy, const QString &detail);

private:
    struct Wanted
    {
        QJsonObject object;
        PolicyReport report;
        bool isConfirmed = false;       ///< was read back as wanted; from then on a difference is drift
        bool mustForce = false;         ///< the next apply goes over another manager's fields
        std::optional<QString> refused; ///< resourceVersion that the API server refused to change ("" = absent)
    };
    struct Action
    {
        QString name;
        bool isRemoval = false;
        QString uid{}; ///< of a removal
    };

    void probe();
    void probed(const kube::ApiResult<QJsonObject> &list);
    void useKind(PolicyKind kind);
    void compile();
    Wanted fresh(const QJsonObject &object) const;

    void seen(const QJsonObject &object);
    void vanished(const QJsonObject &object);
    void watchFailed(const kube::ApiError &error, int failures);
    void judge(Wanted &wanted);
    void judgeLive(Wanted &wanted, const QJsonObject &live);
    void noteDrift(Wanted &wanted, const QString &detail);
    void setPhase(Wanted &wanted, PolicyReport::Phase phase, const QString &detail = {});

    void reconcile();
    bool needsApply(const Wanted &wanted) const;
    void next();
    void apply(Wanted &wanted);
    void applied(const QString &name, const kube::ApiResult<QJsonObject> &answer);
    void applyFailed(Wanted &wanted, const kube::ApiError &error);
    void remove(const Action &action);
    void removeForeignFields(Wanted &wanted);
    void removeOtherKind();
    void retryLater();
    QStringList repairAll();
    QString versionOf(const QString &name) const;
    void publish();

    kube::Client &m_client;
    const Clock &m_clock;
    Settings m_settings;
    std::optional<PolicyRequest> m_request;

    PolicyStatus m_status;
    QMap<QString, Wanted> m_wanted;
    QStringList m_order; ///< names, base first
    QMap<QString, QJsonObject> m_live;
    std::deque<Action> m_actions;
    bool m_isActing = false;
    bool m_hasProbeFailed = false; ///< and the status says so
    bool m_hasCleaned = false;     ///< objects of the other kind are gone
    std::unique_ptr<kube::Watcher> m_watcher;
    std::unique_ptr<QObject> m_turn; ///< context of requests; anew when the kind changes
    Backoff m_backoff;
    Backoff m_repairBackoff;
    SteadyTime m_lastDrift{};
    QTimer m_retry{this};
    QTimer m_repair{this};
    QTimer m_probe{this};
};

} // namespace danube::egress
