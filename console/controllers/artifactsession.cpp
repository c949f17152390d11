// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/artifactsession.h"

#include "shared/api/apiclient.h"

#include <algorithm>

namespace danube::console {

ArtifactSession::ArtifactSession(api::ApiClient &client, const Clock &clock, QObject *parent)
    : QObject(parent), m_client(client), m_model(clock)
{}

void ArtifactSession::load(const QList<Job> &jobs)
{
    m_jobs = jobs.first(std::min(jobs.size(), maxJobs));
    m_problem.clear();
    loadNext();
}

void ArtifactSession::loadJob(const Job &job)
{
    m_jobs.removeIf([&](const Job &other) { return other.id == job.id; });
    m_jobs.prepend(job);
    m_problem.clear();
    loadNext();
}

// One request at a time, so a page that is open costs the master little.
void ArtifactSession::loadNext()
{
    emit changed();
    if (m_asking || m_jobs.isEmpty())
        return;
    m_asking = true;
    const Job job = m_jobs.takeFirst();
    m_client.artifacts(job.id, this, [this, job](const Result<QList<Artifact>> &artifacts) {
        m_asking = false;
        if (artifacts || artifacts.error().code == ErrorCode::NotFound) { // a job may have gone since
            m_model.setArtifacts(job, artifacts.value_or(QList<Artifact>()));
            m_loaded.insert(job.id);
        } else {
            m_jobs.clear();
            m_problem = tr("List artifacts: %1").arg(artifacts.error().message);
        }
        loadNext();
    });
}

} // namespace danube::console
