// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/enginerpcbackend.h"

namespace danube::app {

void EngineRpcBackend::runStep(const JobId &tokenJob, const protocol::RunStepRequest &request,
                               Done<protocol::RunStepAnswer> done)
{
    m_engine.runStep(tokenJob, request, this, std::move(done));
}

void EngineRpcBackend::getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request,
                                 Done<QByteArray> done)
{
    m_engine.getSecret(tokenJob, request, this, std::move(done));
}

void EngineRpcBackend::reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request,
                                    Done<QString> done)
{
    m_engine.reportStatus(tokenJob, request, this, std::move(done));
}

void EngineRpcBackend::sourceBundle(const JobId &tokenJob, const JobId &job, Done<QString> done)
{
    m_engine.sourceBundle(tokenJob, job, this, std::move(done));
}

void EngineRpcBackend::checkUpload(const JobId &tokenJob, const JobId &job, Done<void> done)
{
    done(m_engine.checkJob(tokenJob, job));
}

std::optional<QByteArray> EngineRpcBackend::secretAtHand(const JobId &tokenJob,
                                                         const protocol::GetSecretRequest &request) const
{
    return m_board.secret(tokenJob, request);
}

std::optional<QString> EngineRpcBackend::statusAtHand(const JobId &tokenJob,
                                                      const protocol::ReportStatusRequest &request) const
{
    return m_board.status(tokenJob, request);
}

} // namespace danube::app
