// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/http/httpbackend.h"
#include "server/jobs/engine.h"

namespace danube::app {

class ClusterHealth;

/// The engine and the artifact store as REST wants them. Control thread.
class EngineHttpBackend final : public http::HttpBackend
{
public:
    /// `cluster`: null when jobs need none.
    EngineHttpBackend(jobs::Engine &engine, artifacts::ArtifactStore &artifacts, store::Store &store,
                      const ClusterHealth *cluster)
        : m_engine(engine), m_artifacts(artifacts), m_store(store), m_cluster(cluster)
    {}

    void trigger(const jobs::TriggerRequest &request, QObject *context, Done done) override;
    void cancel(const JobId &job, const Principal &by, QObject *context, Done done) override;
    void retry(const JobId &job, const Principal &by, QObject *context, Done done) override;
    bool isDraining() const override;
    jobs::Engine::Counts counts() const override;
    QMap<QString, Result<void>> readiness() const override;
    Result<std::unique_ptr<QFile>> openArtifact(const Artifact &artifact) override;

private:
    jobs::Engine &m_engine;
    artifacts::ArtifactStore &m_artifacts;
    store::Store &m_store;
    const ClusterHealth *m_cluster;
};

} // namespace danube::app
