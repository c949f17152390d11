// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/egresslists.h"
#include "server/egress/flowfollower.h"
#include "server/egress/refusalbook.h"
#include "server/store/store.h"

#include <QPointer>
#include <QThread>

#include <functional>

namespace danube::egress {

/// What jobs are refused, from flow records: whose flow it is only the store decides, rows are stored within `flush`.
/// Flows come from a file that a thread of its own follows, or by take().
///
/// Control thread. `store` outlives it; what is not stored yet is handed to it on destruction.
class RefusalService : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        FlowFollower::Settings flows; ///< without a path there is no file
        LintOptions lint;
        milliseconds flush{2'000};
        milliseconds patience{3'000};
    };
    RefusalService(store::Store &store, Settings settings, QObject *parent = nullptr);
    ~RefusalService() override;

    void start();
    /// For audit mode: would-be refusals are of the lists in force when the flow is read.
    void setLists(const EgressLists &lists);
    void take(const FlowBatch &batch);
    /// Calls back when all that stands in the file now has been taken, at the latest after `patience`. In the order of
    /// the calls; never once `context` is gone.
    void catchUp(QObject *context, std::function<void()> done);

    Result<QList<EgressRefusal>> refusals(const JobId &job) const; ///< by time of the first
    Result<QList<EgressRefusal>> refusals(const store::RefusalFilter &filter) const;

    struct Counts
    {
        quint64 lines = 0;
        quint64 unreadable = 0;
        quint64 lost = 0;    ///< by Hubble
        quint64 strange = 0; ///< flows of pods that are no jobs of ours
        quint64 refused = 0; ///< flows
        quint64 wouldBe = 0; ///< flows
    };
    const Counts &counts() const { return m_counts; }
    const QString &path() const { return m_settings.flows.path; }
    const QString &trouble() const { return m_trouble; } ///< why no flows are read; empty = they are

signals:
    /// The first of its place: later ones only count. Not for what is would-be.
    void refused(const danube::EgressRefusal &refusal);

private:
    struct Facts ///< of a job, for one batch
    {
        bool isOurs = false;
        QString pipeline;
        QList<Step> steps;
    };
    Facts factsOf(const JobId &job);
    void take(const FlowRecord &record, QHash<JobId, Facts> &known);
    std::optional<RefusalKind> kindOf(const Attempt &attempt, const QString &pipeline);
    bool isListedHere(const Attempt &attempt, const QString &pipeline);
    void tell(const Attempt &attempt, RefusalKind kind);
    void flush();
    void finishTo(quint64 token);

    struct Waiting
    {
        quint64 token = 0;
        QPointer<QObject> context;
        std::function<void()> done;
    };

    store::Store &m_store;
    Settings m_settings;
    EgressLists m_lists;
    RefusalBook m_book;
    QHash<QString, bool> m_listed; ///< answers of isListed() under the present lists; bounded
    Counts m_counts;
    QString m_trouble;
    bool m_isFlushing = false;
    QPointer<FlowFollower> m_follower; ///< in m_thread
    QList<Waiting> m_waiting;          ///< by token
    quint64 m_lastToken = 0;
    QTimer m_flush{this};
    QThread m_thread;
};

} // namespace danube::egress
