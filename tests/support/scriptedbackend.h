// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/rpcbackend.h"

namespace danube::tests {

/// Stands in for the engine behind rpc::RpcBackend: one running job, one ended job, one secret. Steps end when the test
/// says so, or at once with `stepsEndAtOnce`. Same rules of refusal as the engine.
class ScriptedBackend final : public rpc::RpcBackend
{
public:
    const JobId running{QStringLiteral("running-job")};
    const JobId ended{QStringLiteral("ended-job")};
    bool stepsEndAtOnce = true;
    QString bundlePath;
    QSet<JobId> alsoRunning;
    std::optional<QByteArray> captured; ///< what steps answer as printed
    int stepsStarted = 0;
    int statusReports = 0;
    bool holdsReports = false;                    ///< until releaseReports()
    QList<protocol::ReportStatusRequest> reports; ///< all that came
    std::atomic<bool> isStatusAtHand = false;     ///< of reports without a message
    QList<std::pair<protocol::RunStepRequest, std::shared_ptr<Done<protocol::RunStepAnswer>>>> waiting;

    void runStep(const JobId &tokenJob, const protocol::RunStepRequest &request,
                 Done<protocol::RunStepAnswer> done) override
    {
        if (const auto allowed = check(tokenJob, request.job); !allowed)
            return done(std::unexpected(allowed.error()));
        ++stepsStarted;
        waiting.emplaceBack(request, std::make_shared<Done<protocol::RunStepAnswer>>(std::move(done)));
        if (stepsEndAtOnce)
            endSteps(0);
    }

    /// Ends every waiting step with this exit code.
    void endSteps(int exitCode)
    {
        for (auto &[request, done] : std::exchange(waiting, {})) {
            protocol::RunStepAnswer answer;
            answer.outcome = {
                .kind = OutcomeKind::Exited, .exitCode = exitCode, .duration = milliseconds(5), .message = {}};
            answer.stdoutText = captured;
            (*done)(answer);
        }
    }

    void getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request, Done<QByteArray> done) override
    {
        if (const auto allowed = check(tokenJob, request.job); !allowed)
            return done(std::unexpected(allowed.error()));
        if (request.key != QLatin1StringView("TOKEN"))
            return done(fail(ErrorCode::PermissionDenied, QStringLiteral("no secret of that name for this job")));
        done(QByteArray("s3cret"));
    }

    void reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request, Done<QString> done) override
    {
        reports.append(request);
        if (const auto allowed = check(tokenJob, request.job); !allowed)
            return done(std::unexpected(allowed.error()));
        if (request.state && *request.state != QLatin1StringView("running"))
            return done(fail(ErrorCode::Conflict, QStringLiteral("state: only \"running\" may be asked for")));
        ++statusReports;
        if (holdsReports)
            return m_held.push_back(std::move(done));
        done(QStringLiteral("running"));
    }
    std::optional<QString> statusAtHand(const JobId &tokenJob,
                                        const protocol::ReportStatusRequest &request) const override
    {
        if (!isStatusAtHand || request.message || !check(tokenJob, request.job))
            return std::nullopt;
        return QStringLiteral("running");
    }
    /// As when the job is torn down: nobody is called.
    void dropReports() { m_held.clear(); }
    void releaseReports()
    {
        holdsReports = false;
        for (auto &done : std::exchange(m_held, {}))
            done(QStringLiteral("running"));
    }

    void sourceBundle(const JobId &tokenJob, const JobId &job, Done<QString> done) override
    {
        done(check(tokenJob, job).transform([this] { return bundlePath; }));
    }

    void checkUpload(const JobId &tokenJob, const JobId &job, Done<void> done) override { done(check(tokenJob, job)); }

private:
    Result<void> check(const JobId &tokenJob, const JobId &job) const
    {
        if (tokenJob != job)
            return fail(ErrorCode::PermissionDenied, QStringLiteral("the token belongs to another job"));
        if (job != running && !alsoRunning.contains(job))
            return fail(ErrorCode::NotFound, QStringLiteral("job %1 ended or never was").arg(job.value()));
        return {};
    }
    std::vector<Done<QString>> m_held;
};

} // namespace danube::tests
