// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/connection.h"
#include "console/models/logdocument.h"
#include "console/models/rowsmodel.h"
#include "console/models/steplistmodel.h"
#include "shared/core/backoff.h"
#include "shared/model/job.h"
#include "shared/model/jobegress.h"

#include <QObject>

namespace danube::api {
class Session;
} // namespace danube::api

namespace danube::console {

class LogFeed;
class StreamSlots;

/// One open job: its row, steps and log, kept the present for as long as this object lives. GUI thread.
class JobSession : public QObject
{
    Q_OBJECT
public:
    JobSession(api::Session &session, const Job &first, std::unique_ptr<LogStore> store, const Clock &clock,
               StreamSlots &turns, QObject *parent);
    ~JobSession() override;

    const Job &job() const { return m_job; }
    const std::optional<JobEgress> &egress() const { return m_egress; } ///< what guards it; nothing: not known (yet)
    StepListModel *steps() { return &m_steps; }
    LogDocument *log() { return &m_log; }
    const Connection &logConnection() const; ///< Live also after the end: then log()->isFinished()
    bool isLogWaiting() const;               ///< for its turn: too many logs of this master are read at once
    void setLogWanted();                     ///< somebody looks at it

    // Tables of what else there is to know. Refusals are asked for by loadRefusals(), and again by themselves when
    // the job ends and after a cut; a sentence says why a table is empty.
    RowsModel *refusals() { return &m_refusals; }
    RowsModel *events() { return &m_events; } ///< what the master told about this job, raw; the last ones
    const QString &refusalsNote() const { return m_refusalsNote; }
    void loadRefusals();

    static constexpr int mostEvents = 1000;

signals:
    void jobChanged();
    void tablesChanged(); ///< rows or notes
    void told(const QString &text);
    void logConnectionChanged();
    void problem(const QString &text); ///< one sentence for a bar in the page

private:
    void load();
    void takeJob(const Job &job);
    void takeStep(const Step &step);
    void keepEvent(const QString &kind, const QString &subject, const QJsonObject &body);
    api::Session &m_session;
    std::optional<JobEgress> m_egress;
    Job m_job;
    const Clock &m_clock;
    StepListModel m_steps;
    RowsModel m_refusals;
    RowsModel m_events;
    QString m_refusalsNote;
    bool m_wantsRefusals = false;
    LogDocument m_log;
    std::unique_ptr<LogFeed> m_feed;
    Backoff m_backoff{milliseconds(1000), milliseconds(30'000)};
    QTimer m_retry;
};

} // namespace danube::console
