// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/engine.h"
#include "server/rpc/rpcbackend.h"

namespace danube::app {

/// The engine as the RPC edge wants it. Control thread, but for what is at hand.
class EngineRpcBackend final : public rpc::RpcBackend
{
    Q_OBJECT
public:
    explicit EngineRpcBackend(jobs::Engine &engine) : m_engine(engine), m_board(engine.board()) {}

    void runStep(const JobId &tokenJob, const protocol::RunStepRequest &request,
                 Done<protocol::RunStepAnswer> done) override;
    void getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request, Done<QByteArray> done) override;
    void reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request, Done<QString> done) override;
    void sourceBundle(const JobId &tokenJob, const JobId &job, Done<QString> done) override;
    void checkUpload(const JobId &tokenJob, const JobId &job, Done<void> done) override;
    std::optional<QByteArray> secretAtHand(const JobId &tokenJob,
                                           const protocol::GetSecretRequest &request) const override;
    std::optional<QString> statusAtHand(const JobId &tokenJob,
                                        const protocol::ReportStatusRequest &request) const override;

private:
    jobs::Engine &m_engine;
    const jobs::JobBoard &m_board;
};

} // namespace danube::app
