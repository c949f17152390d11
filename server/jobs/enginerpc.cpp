// SPDX-License-Identifier: GPL-3.0-or-later
// What coordinators may ask for, with the checks in the order of the contract.
#include "server/jobs/engine.h"

#include "server/blueprint/pipelinecatalog.h"
#include "server/jobs/jobrun.h"
#include "server/secrets/secretsource.h"
#include "server/source/sourceservice.h"
#include "server/store/store.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {

Result<JobRun *> Engine::runFor(const JobId &tokenJob, const JobId &job) const
{
    if (tokenJob != job)
        return fail(ErrorCode::PermissionDenied, u"job %1: the token belongs to another job"_s.arg(job.value()));
    if (!m_recovered)
        return fail(ErrorCode::Unavailable, u"job %1: danube-master is starting"_s.arg(job.value()));
    if (JobRun *run = find(job))
        return run;
    return fail(ErrorCode::NotFound, u"job %1: it has ended or never was"_s.arg(job.value()));
}

Result<JobRun *> Engine::actingRunFor(const JobId &tokenJob, const JobId &job) const
{
    return runFor(tokenJob, job).and_then([](JobRun *run) -> Result<JobRun *> {
        return run->checkActing().transform([run] { return run; });
    });
}

Result<void> Engine::checkJob(const JobId &tokenJob, const JobId &job) const
{
    return actingRunFor(tokenJob, job).transform([](JobRun *) {});
}

void Engine::runStep(const JobId &tokenJob, const protocol::RunStepRequest &request, QObject *context,
                     Done<protocol::RunStepAnswer> done)
{
    Answer<protocol::RunStepAnswer> answer(context, std::move(done));
    if (m_draining)
        return answer(fail(ErrorCode::Unavailable, u"run-step: danube-master is shutting down"_s));
    const auto run = actingRunFor(tokenJob, request.job);
    if (!run)
        return answer(std::unexpected(run.error()));
    (*run)->confirmStarted();
    (*run)->runStep(request, std::move(answer));
}

// One text for "not yours" and "not there", so that nobody can find out which secrets exist.
Result<Secret> Engine::secretFor(const JobRun &run, const QString &key) const
{
    if (run.pipeline().secrets.contains(key)) {
        if (auto value = m_services.secrets.value(key, run.pipeline().name))
            return value;
    }
    if (!m_services.pipelines.isKnown()) // nobody can say what the job may have
        return fail(ErrorCode::Unavailable, u"secret '%1': the pipelines are not known yet"_s.arg(key));
    return fail(ErrorCode::PermissionDenied, u"secret '%1' is not available to this job"_s.arg(key));
}

void Engine::getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request, QObject *context,
                       Done<QByteArray> done)
{
    Answer<QByteArray> answer(context, std::move(done));
    const auto run = runFor(tokenJob, request.job);
    if (!run)
        return answer(std::unexpected(run.error()));
    auto value = secretFor(**run, request.key);
    if (!value)
        return answer(std::unexpected(value.error()));
    if (const auto acting = (*run)->checkActing(); !acting)
        return answer(std::unexpected(acting.error()));
    if (const auto kept = m_services.secrets.remember(request.key, *value); !kept)
        return answer(std::unexpected(kept.error()));
    if ((*run)->hasGrant(request.key))
        return (*run)->giveSecret(request.key, std::move(*value), std::move(answer));
    grant(request.job, request.key, std::move(*value), std::move(answer));
}

void Engine::grant(const JobId &job, const QString &key, Secret value, Answer<QByteArray> answer)
{
    m_services.store.insertGrant(
        job, key, this,
        [this, job, key, value = std::move(value), answer = std::move(answer)](const Result<void> &granted) mutable {
            if (!granted)
                return answer(std::unexpected(granted.error()));
            const auto run = runFor(job, job);
            if (!run)
                return answer(std::unexpected(run.error()));
            (*run)->giveSecret(key, std::move(value), std::move(answer));
        });
}

void Engine::reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request, QObject *context,
                          Done<QString> done)
{
    Answer<QString> answer(context, std::move(done));
    const auto run = actingRunFor(tokenJob, request.job);
    if (!run)
        return answer(std::unexpected(run.error()));
    if (request.state && *request.state != toText(JobState::Running))
        return answer(fail(ErrorCode::Conflict, u"job %1: its state cannot be set to '%2': only the exit of the "
                                                "coordinator ends a job"_s.arg(request.job.value(), *request.state)));
    (*run)->reportStatus(request, std::move(answer));
}

void Engine::sourceBundle(const JobId &tokenJob, const JobId &job, QObject *context, Done<QString> done)
{
    Answer<QString> answer(context, std::move(done));
    const auto run = actingRunFor(tokenJob, job);
    if (!run)
        return answer(std::unexpected(run.error()));
    (*run)->confirmStarted();
    const Job &row = (*run)->job();
    m_services.source.bundle(row.repository, row.commit, this,
                             [answer = std::move(answer)](Result<QString> path) mutable { answer(std::move(path)); });
}

} // namespace danube::jobs
