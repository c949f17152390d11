// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/store.h"

#include <map>

namespace danube::tests {

/// A Store in memory that answers by the event loop, in order, like the real one. It can fail writes, and it can die:
/// the n-th write from now is the last one that becomes durable, as when the process is killed right after COMMIT.
class MemoryStore final : public store::Store
{
public:
    void insertJob(const Job &job, QObject *context, store::Done<Job> done) override;
    void updateJob(const Job &job, QObject *context, store::Done<void> done) override;
    void updateJobReport(const Job &job, QObject *context, store::Done<void> done) override;
    Result<Job> job(const JobId &id) const override;
    Result<QList<Job>> unfinishedJobs() const override;
    Result<store::JobPage> jobs(const store::JobFilter &filter, int limit, const QString &cursor) const override;
    void insertStep(const Step &step, QObject *context, store::Done<void> done) override;
    void updateStep(const Step &step, QObject *context, store::Done<void> done) override;
    Result<QList<Step>> steps(const JobId &job) const override;
    void insertGrant(const JobId &job, const QString &key, QObject *context, store::Done<void> done) override;
    Result<QStringList> grants(const JobId &job) const override;
    void insertArtifact(const Artifact &artifact, QObject *context, store::Done<void> done) override;
    Result<QList<Artifact>> artifacts(const JobId &job) const override;
    Result<Artifact> artifact(const ArtifactId &id) const override;
    Result<QList<Artifact>> artifactsBefore(WallTime createdBefore, int limit) const override;
    void removeArtifacts(const QList<ArtifactId> &artifacts, QObject *context, store::Done<void> done) override;
    void saveRefusals(const QList<EgressRefusal> &refusals, QObject *context, store::Done<void> done) override;
    Result<QList<EgressRefusal>> refusals(const JobId &job) const override;
    Result<QList<EgressRefusal>> refusals(const store::RefusalFilter &filter) const override;
    void saveCronMark(const store::CronMark &mark, QObject *context, store::Done<void> done) override;
    void removeCronMark(const store::CronMark &mark, QObject *context, store::Done<void> done) override;
    Result<QList<store::CronMark>> cronMarks() const override { return m_cronMarks; }
    void saveJobEgress(const JobId &job, const JobEgress &egress, QObject *context, store::Done<void> done) override;
    Result<std::optional<JobEgress>> jobEgress(const JobId &job) const override;
    Result<void> close(milliseconds timeout) override;
    int queuedWrites() const override { return 0; }
    store::WriteCounts writeCounts() const override { return {.writes = m_writes, .commits = m_writes}; }

    enum class LastAnswer { Lost, Delivered };
    /// Delivered: the process lives on until it learns of the last write and acts on it, but writes nothing any more.
    void dieAfter(int writes, LastAnswer lastAnswer = LastAnswer::Lost);
    int droppedWrites() const { return m_dropped; } ///< since death
    bool isDead() const { return m_left == 0; }
    void revive(); ///< the next process opens it
    void failNext(int writes) { m_failures = writes; }
    int failuresLeft() const { return m_failures; }
    int writes() const { return m_writes; } ///< durable ones so far
    /// Every state a job's row ever had, in order, without repetitions.
    QList<JobState> statesOf(const JobId &job) const { return m_states.value(job); }

private:
    template <class T> void write(QObject *context, store::Done<T> done, std::move_only_function<Result<T>()> change);
    Result<void> keep(const Job &job);

    std::map<JobId, Job> m_jobs;
    std::map<std::pair<JobId, StepNumber>, Step> m_steps;
    QHash<JobId, QStringList> m_grants;
    QList<EgressRefusal> m_refusals;
    QHash<JobId, JobEgress> m_jobEgress;
    QList<store::CronMark> m_cronMarks;
    void dropCronMark(const store::CronMark &mark);
    QHash<JobId, QList<JobState>> m_states;
    std::vector<std::shared_ptr<void>> m_unanswered; ///< callbacks of the dead process: neither called nor dropped
    int64_t m_numbers = 0;
    int m_left = -1; ///< writes until death; negative = it lives
    LastAnswer m_lastAnswer = LastAnswer::Lost;
    int m_dropped = 0;
    int m_failures = 0;
    int m_writes = 0;
};

} // namespace danube::tests
