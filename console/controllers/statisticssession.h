// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/failingsteps.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// Looks into failed jobs for the steps that failed. A job list does not have them, so each job is asked for once,
/// mostAtOnce at a time, and only those of the pipeline that is looked at. GUI thread; the client outlives it.
class StatisticsSession : public QObject
{
    Q_OBJECT
public:
    explicit StatisticsSession(api::ApiClient &client, QObject *parent = nullptr);

    /// Asks for those of `jobs` (that have ended) that are not known yet, instead of what was asked for before.
    void want(const QList<JobId> &jobs);
    void retry();                                        ///< what went wrong, if anything did
    int missing() const;                                 ///< of the last want()
    const QString &problem() const { return m_problem; } ///< why some are missing; empty: nothing
    QList<FailedJob> known(const QList<JobId> &jobs) const;

    static constexpr int mostAtOnce = 4;
    static constexpr qsizetype mostKept = 2000; ///< jobs; beyond, all but the wanted ones are forgotten

signals:
    void changed();

private:
    void ask();
    void askNext();
    void forgetOthers();

    api::ApiClient &m_client;
    QHash<JobId, FailedJob> m_known;
    QList<JobId> m_wanted;
    QList<JobId> m_waiting;
    QSet<JobId> m_asked; ///< under way, also for an earlier want(): those answers are kept as well
    QString m_problem;
};

} // namespace danube::console
