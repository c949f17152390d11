// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/memorystore.h"

using namespace Qt::StringLiterals;

namespace danube::tests {

template <class T>
void MemoryStore::write(QObject *context, store::Done<T> done, std::move_only_function<Result<T>()> change)
{
    const auto bury = [this](store::Done<T> never) {
        m_unanswered.push_back(std::make_shared<store::Done<T>>(std::move(never)));
    };
    if (isDead()) {
        ++m_dropped;
        return bury(std::move(done));
    }
    const auto answer = [context](store::Done<T> whenDone, Result<T> result) {
        QMetaObject::invokeMethod(
            context,
            [whenDone = std::move(whenDone), result = std::move(result)]() mutable { whenDone(std::move(result)); },
            Qt::QueuedConnection);
    };
    if (m_failures > 0) {
        --m_failures;
        return answer(std::move(done), fail(ErrorCode::ResourceExhausted, u"write: disk full"_s));
    }
    Result<T> result = change();
    ++m_writes;
    if (m_left > 0 && --m_left == 0 && m_lastAnswer == LastAnswer::Lost)
        return bury(std::move(done));
    answer(std::move(done), std::move(result));
}

void MemoryStore::dieAfter(int writes, LastAnswer lastAnswer)
{
    m_left = writes;
    m_lastAnswer = lastAnswer;
}

void MemoryStore::revive()
{
    m_left = -1;
    m_dropped = 0;
    m_unanswered.clear();
}

Result<void> MemoryStore::keep(const Job &job)
{
    m_jobs[job.id] = job;
    QList<JobState> &states = m_states[job.id];
    if (states.isEmpty() || states.last() != job.state)
        states.append(job.state);
    return {};
}

void MemoryStore::insertJob(const Job &job, QObject *context, store::Done<Job> done)
{
    write<Job>(context, std::move(done), [this, row = job]() mutable -> Result<Job> {
        const auto hasKey = [&row](const auto &known) { return known.second.triggerKey == row.triggerKey; };
        if (!row.triggerKey.isEmpty() && std::ranges::any_of(m_jobs, hasKey))
            return fail(ErrorCode::AlreadyExists, u"trigger key %1"_s.arg(row.triggerKey));
        row.number = ++m_numbers;
        return keep(row).transform([&row] { return row; });
    });
}

void MemoryStore::updateJob(const Job &job, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, job] { return keep(job); });
}

void MemoryStore::updateJobReport(const Job &job, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, job]() -> Result<void> {
        auto row = this->job(job.id);
        if (!row)
            return std::unexpected(row.error());
        row->message = job.message;
        row->progress = job.progress;
        return keep(*row);
    });
}

Result<Job> MemoryStore::job(const JobId &id) const
{
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return fail(ErrorCode::NotFound, u"job %1: there is none"_s.arg(id.value()));
    return found->second;
}

Result<QList<Job>> MemoryStore::unfinishedJobs() const
{
    QList<Job> result;
    for (const auto &[id, job] : m_jobs) {
        if (!isFinal(job.state))
            result.append(job);
    }
    std::ranges::sort(result, {}, &Job::number);
    return result;
}

Result<store::JobPage> MemoryStore::jobs(const store::JobFilter &, int, const QString &) const
{
    store::JobPage page;
    for (const auto &[id, job] : m_jobs)
        page.jobs.prepend(job);
    return page;
}

void MemoryStore::insertStep(const Step &step, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, step]() -> Result<void> {
        for (const auto &[key, known] : m_steps) {
            const bool sameRequest = !step.request.isEmpty() && known.request == step.request;
            if (known.job == step.job && (known.number == step.number || sameRequest))
                return fail(ErrorCode::AlreadyExists, u"step"_s);
        }
        m_steps[{step.job, step.number}] = step;
        return {};
    });
}

void MemoryStore::updateStep(const Step &step, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, step]() -> Result<void> {
        m_steps[{step.job, step.number}] = step;
        return {};
    });
}

Result<QList<Step>> MemoryStore::steps(const JobId &job) const
{
    QList<Step> result;
    for (const auto &[key, step] : m_steps) {
        if (key.first == job)
            result.append(step);
    }
    return result;
}

void MemoryStore::insertGrant(const JobId &job, const QString &key, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, job, key]() -> Result<void> {
        if (!m_grants[job].contains(key))
            m_grants[job].append(key);
        return {};
    });
}

Result<QStringList> MemoryStore::grants(const JobId &job) const
{
    return m_grants.value(job);
}

void MemoryStore::saveRefusals(const QList<EgressRefusal> &refusals, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, refusals]() -> Result<void> {
        for (const EgressRefusal &refusal : refusals) {
            m_refusals.removeIf([&](const EgressRefusal &other) {
                return std::tie(other.job, other.kind, other.host, other.port, other.protocol) ==
                       std::tie(refusal.job, refusal.kind, refusal.host, refusal.port, refusal.protocol);
            });
            m_refusals.append(refusal);
        }
        return {};
    });
}

Result<QList<EgressRefusal>> MemoryStore::refusals(const JobId &job) const
{
    QList<EgressRefusal> found;
    std::ranges::copy_if(m_refusals, std::back_inserter(found),
                         [&](const EgressRefusal &refusal) { return refusal.job == job; });
    std::ranges::stable_sort(found, {}, &EgressRefusal::first);
    return found;
}

Result<QList<EgressRefusal>> MemoryStore::refusals(const store::RefusalFilter &filter) const
{
    QList<EgressRefusal> found;
    std::ranges::copy_if(m_refusals, std::back_inserter(found), [&](const EgressRefusal &refusal) {
        return refusal.pipeline == filter.pipeline && refusal.last >= filter.since;
    });
    std::ranges::stable_sort(found, std::ranges::greater(), &EgressRefusal::last);
    return found.first(std::min<qsizetype>(found.size(), filter.limit));
}

void MemoryStore::dropCronMark(const store::CronMark &mark)
{
    m_cronMarks.removeIf([&mark](const store::CronMark &known) {
        return std::tie(known.pipeline, known.schedule, known.branch) ==
               std::tie(mark.pipeline, mark.schedule, mark.branch);
    });
}

void MemoryStore::saveJobEgress(const JobId &job, const JobEgress &egress, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, job, egress]() -> Result<void> {
        m_jobEgress.insert(job, egress);
        return {};
    });
}

Result<std::optional<JobEgress>> MemoryStore::jobEgress(const JobId &job) const
{
    const auto found = m_jobEgress.constFind(job);
    return found == m_jobEgress.cend() ? std::optional<JobEgress>() : *found;
}

void MemoryStore::saveCronMark(const store::CronMark &mark, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, mark]() -> Result<void> {
        dropCronMark(mark);
        m_cronMarks.append(mark);
        return {};
    });
}

void MemoryStore::removeCronMark(const store::CronMark &mark, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), [this, mark]() -> Result<void> {
        dropCronMark(mark);
        return {};
    });
}

void MemoryStore::insertArtifact(const Artifact &, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), []() -> Result<void> { return {}; });
}

Result<QList<Artifact>> MemoryStore::artifacts(const JobId &) const
{
    return QList<Artifact>{};
}

Result<Artifact> MemoryStore::artifact(const ArtifactId &id) const
{
    return fail(ErrorCode::NotFound, u"artifact %1"_s.arg(id.value()));
}

Result<QList<Artifact>> MemoryStore::artifactsBefore(WallTime, int) const
{
    return QList<Artifact>{};
}

void MemoryStore::removeArtifacts(const QList<ArtifactId> &, QObject *context, store::Done<void> done)
{
    write<void>(context, std::move(done), []() -> Result<void> { return {}; });
}

Result<void> MemoryStore::close(milliseconds)
{
    return {};
}

} // namespace danube::tests
