// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/connection.h"
#include "console/models/logdocument.h"
#include "console/models/steplistmodel.h"
#include "shared/core/backoff.h"
#include "shared/model/job.h"

#include <QObject>

namespace danube::api {
class Session;
} // namespace danube::api

namespace danube::console {

class LogFeed;

/// One open job: its row, steps and log, kept the present for as long as this object lives. GUI thread.
class JobSession : public QObject
{
    Q_OBJECT
public:
    JobSession(api::Session &session, const Job &first, std::unique_ptr<LogStore> store, const Clock &clock,
               QObject *parent);
    ~JobSession() override;

    const Job &job() const { return m_job; }
    StepListModel *steps() { return &m_steps; }
    LogDocument *log() { return &m_log; }
    const Connection &logConnection() const; ///< Live also after the end: then log()->isFinished()

signals:
    void jobChanged();
    void logConnectionChanged();
    void problem(const QString &text); ///< one sentence for a bar in the page

private:
    void load();
    void takeJob(const Job &job);
    api::Session &m_session;
    Job m_job;
    StepListModel m_steps;
    LogDocument m_log;
    std::unique_ptr<LogFeed> m_feed;
    Backoff m_backoff{milliseconds(1000), milliseconds(30'000)};
    QTimer m_retry;
};

} // namespace danube::console
