// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/engine.h"

#include "server/blueprint/pipelinecatalog.h"
#include "server/jobs/category.h"
#include "server/jobs/jobrun.h"
#include "server/store/store.h"

#include <QRegularExpression>
#include <QThread>

using namespace Qt::StringLiterals;

namespace danube::jobs {

namespace {

// Parameters become environment variables of the coordinator.
Result<void> checkParams(const QMap<QString, QString> &params)
{
    constexpr int maxParams = 100;
    constexpr int maxValue = 32 << 10;
    static const QRegularExpression wanted(u"^[A-Za-z_][A-Za-z0-9_]{0,63}\\z"_s);
    if (params.size() > maxParams)
        return fail(ErrorCode::InvalidArgument,
                    u"params: expected at most %1, got %2"_s.arg(maxParams).arg(params.size()));
    for (auto it = params.begin(); it != params.end(); ++it) {
        if (!wanted.match(it.key()).hasMatch())
            return fail(ErrorCode::InvalidArgument,
                        u"params: expected names of letters, digits and _, got \"%1\""_s.arg(it.key().left(80)));
        if (it->size() > maxValue || it->contains(QChar(0)))
            return fail(ErrorCode::InvalidArgument,
                        u"params.%1: expected at most %2 characters and no NUL"_s.arg(it.key()).arg(maxValue));
    }
    return {};
}

} // namespace

Engine::Engine(EngineServices services, EngineSettings settings)
    : m_services(services),
      m_settings(std::move(settings)),
      m_queue(m_settings.maxConcurrentJobs > 0 ? m_settings.maxConcurrentJobs : 2 * QThread::idealThreadCount()),
      m_board(m_services.secrets)
{
    m_tick.setInterval(m_settings.tick);
    connect(&m_tick, &QTimer::timeout, this, &Engine::checkTimers);
    connectExecutor();
}

Engine::~Engine() = default;

void Engine::connectExecutor()
{
    const auto on = [this](auto signal, auto report) {
        connect(&m_services.executor, signal, this, [this, report](const JobId &job, const auto &...arguments) {
            if (JobRun *run = find(job))
                report(*run, arguments...);
        });
    };
    on(&Executor::jobPending, [](JobRun &run, const QString &reason) { run.reportPending(reason); });
    on(&Executor::jobStarted, [](JobRun &run) { run.reportStarted(); });
    on(&Executor::stepStarted, [](JobRun &run, StepNumber step) { run.steps().reportStarted(step); });
    on(&Executor::stepFinished,
       [](JobRun &run, StepNumber step, const StepOutcome &outcome) { run.reportFinished(step, outcome); });
    on(&Executor::coordinatorExited, [](JobRun &run, const StepOutcome &outcome) { run.reportExit(outcome); });
    on(&Executor::jobLost, [](JobRun &run, const QString &reason) { run.reportLost(reason); });
    on(&Executor::released, [](JobRun &run) { run.reportReleased(); });
}

void Engine::reportViolation(const JobId &job, const QString &text, Violation violation)
{
    if (JobRun *run = find(job))
        run->reportViolation(text, violation);
}

void Engine::drain()
{
    m_draining = true;
    qCInfo(lcJobs).noquote() << u"draining running=%1 queued=%2"_s.arg(counts().running).arg(counts().queued);
}

void Engine::readLimits()
{
    for (const Pipeline &pipeline : m_services.pipelines.all())
        m_queue.setLimit(pipeline.name, pipeline.maxConcurrent);
    if (!m_recovered || !m_services.pipelines.isKnown())
        return;
    findPipelines();
    pump();
}

bool Engine::isDraining() const
{
    return m_draining;
}

Engine::Counts Engine::counts() const
{
    return {.queued = m_queue.queued(), .running = m_queue.running()};
}

JobRun *Engine::find(const JobId &job) const
{
    const auto found = m_runs.find(job);
    return found == m_runs.end() ? nullptr : found->second.get();
}

Result<Pipeline> Engine::pipelineOf(const QString &name) const
{
    if (auto pipeline = m_services.pipelines.find(name))
        return *std::move(pipeline);
    return fail(ErrorCode::NotFound, u"pipeline %1: there is none of this name"_s.arg(name));
}

Result<void> Engine::checkNewJobs() const
{
    if (m_draining || !m_recovered)
        return fail(ErrorCode::Unavailable,
                    u"new job: danube-master is %1"_s.arg(m_draining ? u"shutting down"_s : u"starting"_s));
    if (m_queue.queued() + m_inserting >= m_settings.maxQueuedJobs)
        return fail(ErrorCode::ResourceExhausted, u"new job: %1 jobs are queued already"_s.arg(m_queue.queued()));
    return {};
}

void Engine::trigger(const TriggerRequest &request, QObject *context, Done<Job> done)
{
    Answer<Job> answer(context, std::move(done));
    if (const auto allowed = checkNewJobs(); !allowed)
        return answer(std::unexpected(allowed.error()));
    const auto pipeline = pipelineOf(request.pipeline);
    if (!pipeline)
        return answer(std::unexpected(pipeline.error()));
    if (const auto checked = checkParams(request.params); !checked)
        return answer(std::unexpected(checked.error()));
    Job job;
    job.pipeline = pipeline->name;
    job.repository = pipeline->repository;
    job.ref = request.ref;
    job.params = request.params;
    job.triggerType = request.type;
    job.triggeredBy = request.principal.name;
    job.triggerRef = request.triggerRef;
    job.triggerKey = request.triggerKey;
    insert(std::move(job), *pipeline, std::move(answer));
}

void Engine::retry(const JobId &id, const Principal &by, QObject *context, Done<Job> done)
{
    Answer<Job> answer(context, std::move(done));
    if (const auto allowed = checkNewJobs(); !allowed)
        return answer(std::unexpected(allowed.error()));
    const auto old = m_services.store.job(id);
    if (!old)
        return answer(std::unexpected(old.error()));
    if (find(id) || !isFinal(old->state))
        return answer(fail(ErrorCode::Conflict, u"job %1: it has not ended yet"_s.arg(id.value())));
    const auto pipeline = pipelineOf(old->pipeline);
    if (!pipeline)
        return answer(std::unexpected(pipeline.error().in(u"retry of job %1"_s.arg(id.value()))));
    Job job;
    job.pipeline = old->pipeline;
    job.repository = old->repository;
    job.ref = old->ref;
    job.branch = old->branch;
    job.commit = old->commit;
    job.params = old->params;
    job.triggerType = u"retry"_s;
    job.triggeredBy = by.name;
    job.triggerRef = old->triggerRef;
    job.retryOf = old->id;
    job.attempt = old->attempt + 1;
    insert(std::move(job), *pipeline, std::move(answer));
}

void Engine::insert(Job job, const Pipeline &pipeline, Answer<Job> answer)
{
    job.id = newJobId(m_services.clock);
    job.createdAt = m_services.clock.wall();
    ++m_inserting;
    m_services.store.insertJob(
        job, this, [this, pipeline, answer = std::move(answer)](const Result<Job> &inserted) mutable {
            --m_inserting;
            if (!inserted)
                return answer(std::unexpected(inserted.error().in(u"new job of pipeline %1"_s.arg(pipeline.name))));
            qCInfo(lcJobs).noquote() << u"job-queued job=%1 pipeline=%2 by=\"%3\""_s.arg(
                inserted->id.value(), inserted->pipeline, inserted->triggeredBy);
            addRun(*inserted, pipeline);
            const int limit = pipelineOf(pipeline.name).value_or(pipeline).maxConcurrent; // as it is by now
            m_queue.add({inserted->id, pipeline.name, pipeline.priority, limit});
            emit jobChanged(*inserted);
            answer(*inserted);
            pump();
        });
}

void Engine::cancel(const JobId &id, const Principal &by, QObject *context, Done<Job> done)
{
    Answer<Job> answer(context, std::move(done));
    if (JobRun *run = find(id)) {
        qCInfo(lcJobs).noquote() << u"job-cancel job=%1 by=\"%2\""_s.arg(id.value(), by.name);
        return run->cancel(by.name, std::move(answer));
    }
    const auto job = m_services.store.job(id);
    if (!job)
        return answer(std::unexpected(job.error()));
    if (!isFinal(job->state))
        return answer(fail(ErrorCode::Unavailable, u"job %1: it is not adopted yet"_s.arg(id.value())));
    answer(fail(ErrorCode::Conflict, u"job %1: it has ended already: %2"_s.arg(id.value(), toText(job->state))));
}

JobRun &Engine::addRun(const Job &job, const Pipeline &pipeline)
{
    auto run = std::make_unique<JobRun>(m_services, m_settings, m_board, restored(job, pipeline.maxDuration), pipeline);
    connect(run.get(), &JobRun::changed, this,
            [this, logged = std::optional<std::pair<JobState, QString>>()](const Job &row) mutable {
                if (const auto news = std::pair(row.state, row.reason);
                    logged != news) { // not for a report of progress
                    logged = news;
                    qCInfo(lcJobs).noquote() << u"job-%1 job=%2 pipeline=%3 reason=\"%4\""_s.arg(
                        toText(row.state), row.id.value(), row.pipeline, row.reason);
                }
                emit jobChanged(row);
            });
    connect(run.get(), &JobRun::ended, this, [this, id = job.id] { finish(id); });
    connect(&run->steps(), &StepSet::changed, this,
            [this, id = job.id](const Step &step) { emit stepChanged(id, step); });
    if (!m_tick.isActive())
        m_tick.start();
    return *(m_runs[job.id] = std::move(run));
}

void Engine::finish(const JobId &id)
{
    const auto found = m_runs.find(id);
    JobRun *run = found->second.release(); // it is the one that speaks now
    m_runs.erase(found);
    run->deleteLater();
    m_queue.remove(id);
    if (m_runs.empty())
        m_tick.stop();
    emit jobEnded(run->job());
    pump();
}

void Engine::pump()
{
    while (!m_draining && m_services.pipelines.isKnown()) {
        const auto id = m_queue.admit();
        if (!id)
            return;
        find(*id)->admit();
    }
}

void Engine::checkTimers()
{
    QList<JobId> ids; // a job may end, and others begin, while one is told
    for (const auto &[id, run] : m_runs) {
        if (run->hasTimerDue())
            ids.append(id);
    }
    for (const JobId &id : std::as_const(ids)) {
        if (JobRun *run = find(id))
            run->checkTimers();
    }
}

} // namespace danube::jobs
