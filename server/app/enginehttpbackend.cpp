// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/enginehttpbackend.h"

#include "server/app/clusterhealth.h"

using namespace Qt::StringLiterals;

namespace danube::app {

void EngineHttpBackend::trigger(const jobs::TriggerRequest &request, QObject *context, Done done)
{
    m_engine.trigger(request, context, std::move(done));
}

void EngineHttpBackend::cancel(const JobId &job, const Principal &by, QObject *context, Done done)
{
    m_engine.cancel(job, by, context, std::move(done));
}

void EngineHttpBackend::retry(const JobId &job, const Principal &by, QObject *context, Done done)
{
    m_engine.retry(job, by, context, std::move(done));
}

bool EngineHttpBackend::isDraining() const
{
    return m_engine.isDraining();
}

jobs::Engine::Counts EngineHttpBackend::counts() const
{
    return m_engine.counts();
}

QMap<QString, Result<void>> EngineHttpBackend::readiness() const
{
    const auto page = m_store.jobs({}, 1, {});
    QMap<QString, Result<void>> checks{{u"store"_s, page ? Result<void>() : std::unexpected(page.error())}};
    if (m_cluster)
        checks.insert(u"cluster"_s, m_cluster->state());
    return checks;
}

Result<std::unique_ptr<QFile>> EngineHttpBackend::openArtifact(const Artifact &artifact)
{
    const auto stored = m_artifacts.open(artifact.id);
    if (!stored)
        return std::unexpected(stored.error());
    auto file = std::make_unique<QFile>(stored->path);
    if (!file->open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"open artifact %1: %2"_s.arg(artifact.id.value(), file->errorString()));
    return file;
}

} // namespace danube::app
