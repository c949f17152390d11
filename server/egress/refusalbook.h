// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/attempt.h"
#include "shared/model/egressrefusal.h"
#include "shared/model/step.h"

#include <QHash>
#include <QMap>

#include <set>
#include <tuple>

namespace danube::egress {

/// Which steps ran at that moment, by the master's clock. The coordinator between two steps is none.
QList<StepNumber> stepsAt(const QList<Step> &steps, WallTime time);

/// Refusals added up by job and place, within bounds whatever a job does. Pure.
class RefusalBook
{
public:
    /// A job that tries more gets one row of this name for the rest.
    static constexpr qsizetype maxPlaces = 200;
    static constexpr QLatin1StringView otherHosts = QLatin1StringView("(other hosts)");
    /// Addresses of which a job's last look-up is remembered.
    static constexpr qsizetype maxNames = 500;
    /// Jobs kept in memory; of more, those without news for the longest time are forgotten (their rows are stored).
    static constexpr qsizetype maxJobs = 1000;

    /// What the store has of the job; once, before the first add(). A flow that is not newer than what was stored of
    /// its place has been counted: a flow file is read again from its start after a restart.
    /// False: too many jobs have rows that are not stored yet.
    bool open(const JobId &job, const QString &pipeline, const QList<EgressRefusal> &stored);
    bool isOpen(const JobId &job) const { return m_jobs.contains(job); }

    /// A DNS answer: names an address for this job.
    void learn(const JobId &job, const DnsRecord &answer);
    /// The attempt with the name that the job itself asked for last, when it asked.
    Attempt named(Attempt attempt) const;

    enum class Change { Known, Counted, FirstOfItsPlace };
    Change add(const Attempt &attempt, RefusalKind kind, const QList<StepNumber> &running);

    /// What has changed since it was last taken, to be stored; at most so many at once.
    QList<EgressRefusal> takeChanged(qsizetype limit = 500);
    /// Given again: storing failed.
    void giveBack(const QList<EgressRefusal> &refusals);
    QList<EgressRefusal> refusals(const JobId &job) const; ///< by time of the first
    qsizetype jobCount() const { return m_jobs.size(); }

private:
    using Place = std::tuple<RefusalKind, QString, quint16, QString>; // kind, host, port, protocol
    struct Row
    {
        EgressRefusal refusal;
        WallTime storedUntil{}; ///< of the store, when the job was opened
    };
    struct Entry
    {
        QString pipeline;
        QMap<Place, Row> rows;
        QHash<QString, QString> names; ///< by address
        quint64 touched = 0;
    };
    static Place placeOf(const EgressRefusal &refusal);
    Row &rowFor(Entry &entry, const Attempt &attempt, RefusalKind kind);
    void evict();

    QHash<JobId, Entry> m_jobs;
    std::set<std::pair<JobId, Place>> m_changed;
    quint64 m_turn = 0;
};

} // namespace danube::egress
