// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/artifactsmodel.h"

#include <QObject>

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// The artifacts of one master's jobs, as far as they were asked for. GUI thread; the client outlives it.
class ArtifactSession : public QObject
{
    Q_OBJECT
public:
    static constexpr qsizetype maxJobs = 200; ///< whose artifacts are asked for at once

    ArtifactSession(api::ApiClient &client, const Clock &clock, QObject *parent = nullptr);

    ArtifactsModel *model() { return &m_model; }
    const ArtifactsModel *model() const { return &m_model; }

    /// Asks for the artifacts of these jobs, one after the other; the first maxJobs. Takes the place of an earlier
    /// load.
    void load(const QList<Job> &jobs);
    void loadJob(const Job &job);                       ///< before the others
    qsizetype waiting() const { return m_jobs.size(); } ///< jobs that are still to be asked about
    bool isLoaded(const JobId &job) const { return m_loaded.contains(job); }
    const QString &problem() const { return m_problem; } ///< why the last load ended early; empty = it did not

signals:
    void changed(); ///< waiting(), isLoaded() or problem()

private:
    void loadNext();

    api::ApiClient &m_client;
    ArtifactsModel m_model;
    QList<Job> m_jobs;
    QSet<JobId> m_loaded;
    QString m_problem;
    bool m_asking = false;
};

} // namespace danube::console
