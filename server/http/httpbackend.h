// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/engine.h"
#include "shared/model/artifact.h"

#include <QFile>

namespace danube::http {

/// What REST asks of the rest of the master; server/app adapts the engine and the artifact store to it. Control thread;
/// answers run there and never when `context` is gone.
class HttpBackend
{
public:
    using Done = std::move_only_function<void(Result<Job>)>;
    virtual ~HttpBackend() = default;

    virtual void trigger(const jobs::TriggerRequest &request, QObject *context, Done done) = 0;
    virtual void cancel(const JobId &job, const Principal &by, QObject *context, Done done) = 0;
    virtual void retry(const JobId &job, const Principal &by, QObject *context, Done done) = 0;
    virtual bool isDraining() const = 0;
    virtual jobs::Engine::Counts counts() const = 0;
    /// Further parts of /health/ready by name; an error is "not ready" with its message.
    virtual QMap<QString, Result<void>> readiness() const = 0;
    /// The complete content, opened for reading; its size is the artifact's. NotFound when the bytes are gone.
    virtual Result<std::unique_ptr<QFile>> openArtifact(const Artifact &artifact) = 0;
};

} // namespace danube::http
