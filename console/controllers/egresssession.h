// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/allowlistmodel.h"
#include "shared/model/egressrefusal.h"

#include <QJsonObject>
#include <QObject>

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// What a master says of its egress policies.
struct EgressStatus
{
    QString level;        ///< none, declared, enforced
    QString reason;       ///< one sentence
    QString commit;       ///< of the Blueprint that they come from
    QStringList policies; ///< "danube-egress: applied", one each
    QStringList notes;
    std::optional<egress::CiliumVersion> cilium; ///< nullopt: the master does not say
    std::optional<EntryUses> uses;               ///< nullopt: it does not record them
    bool operator==(const EgressStatus &) const = default;
};
EgressStatus egressStatusFromJson(const QJsonObject &answer);

/// Egress of one master: policies, what jobs were refused in the last 30 days, proposals. What a master does not offer
/// is a sentence in problem(), no error. GUI thread; the client outlives it.
class EgressSession : public QObject
{
    Q_OBJECT
public:
    EgressSession(api::ApiClient &client, const Clock &clock, QObject *parent = nullptr);

    void load();  ///< status and refusals; answers by changed()
    void retry(); ///< when the last load was not whole
    const std::optional<EgressStatus> &status() const { return m_status; }
    const QString &problem() const { return m_problem; } ///< why there is no status
    const QList<EgressRefusal> &refusals() const { return m_refusals; }
    const QString &refusalProblem() const { return m_refusalProblem; }
    bool isLoading() const { return m_loading; }

    /// Entries that would have let one job's refused connections through; `done` gets them, most refused first.
    using Proposed = std::move_only_function<void(Result<QStringList>)>;
    void propose(const QString &job, QObject *context, Proposed done);

signals:
    void changed();

private:
    void loadRefusals(const QStringList &pipelines);
    void loadNextRefusals();

    api::ApiClient &m_client;
    const Clock &m_clock;
    std::optional<EgressStatus> m_status;
    QString m_problem;
    QList<EgressRefusal> m_refusals;
    QList<EgressRefusal> m_incoming;
    QString m_refusalProblem;
    QStringList m_pipelines; ///< still to ask about
    quint64 m_round = 0;
    bool m_loading = false;
};

} // namespace danube::console
