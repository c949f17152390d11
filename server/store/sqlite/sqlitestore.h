// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/readpool.h"
#include "server/store/sqlite/writequeue.h"
#include "server/store/store.h"

namespace danube::store {

struct SqliteSettings
{
    int queueBound = 10'000;
    milliseconds busyTimeout{5'000}; ///< for another process that holds the file
    int64_t maxPages = 0;            ///< bound of the file in pages of 4 KiB; 0 = none
};

/// The Store on one SQLite file: one writer thread, as many readers as threads read.
class SqliteStore final : public Store
{
public:
    static Result<std::unique_ptr<Store>> open(const QString &path, const SqliteSettings &settings);
    SqliteStore(const QString &path, std::unique_ptr<Database> writer, const SqliteSettings &settings);

    void insertJob(const Job &job, QObject *context, Done<Job> done) override;
    void updateJob(const Job &job, QObject *context, Done<void> done) override;
    void updateJobReport(const Job &job, QObject *context, Done<void> done) override;
    Result<Job> job(const JobId &id) const override;
    Result<QList<Job>> unfinishedJobs() const override;
    Result<JobPage> jobs(const JobFilter &filter, int limit, const QString &cursor) const override;

    void insertStep(const Step &step, QObject *context, Done<void> done) override;
    void updateStep(const Step &step, QObject *context, Done<void> done) override;
    Result<QList<Step>> steps(const JobId &job) const override;

    void insertGrant(const JobId &job, const QString &key, QObject *context, Done<void> done) override;
    Result<QStringList> grants(const JobId &job) const override;

    void insertArtifact(const Artifact &artifact, QObject *context, Done<void> done) override;
    Result<QList<Artifact>> artifacts(const JobId &job) const override;
    Result<Artifact> artifact(const ArtifactId &id) const override;

    Result<QList<Artifact>> artifactsBefore(WallTime createdBefore, int limit) const override;
    void removeArtifacts(const QList<ArtifactId> &artifacts, QObject *context, Done<void> done) override;
    void saveRefusals(const QList<EgressRefusal> &refusals, QObject *context, Done<void> done) override;
    Result<QList<EgressRefusal>> refusals(const JobId &job) const override;
    Result<QList<EgressRefusal>> refusals(const RefusalFilter &filter) const override;

    void saveJobEgress(const JobId &job, const JobEgress &egress, QObject *context, Done<void> done) override;
    Result<std::optional<JobEgress>> jobEgress(const JobId &job) const override;

    void saveCronMark(const CronMark &mark, QObject *context, Done<void> done) override;
    void removeCronMark(const CronMark &mark, QObject *context, Done<void> done) override;
    Result<QList<CronMark>> cronMarks() const override;

    Result<void> close(milliseconds timeout) override;
    int queuedWrites() const override { return m_writes.size(); }
    WriteCounts writeCounts() const override { return m_writes.counts(); }

private:
    template <class T, class Change> void write(WriteExtent extent, QObject *context, Done<T> done, Change change);

    mutable ReadPool m_reads;
    WriteQueue m_writes;
};

} // namespace danube::store
