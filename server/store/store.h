// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/model/artifact.h"
#include "shared/model/egressrefusal.h"
#include "shared/model/job.h"
#include "shared/model/jobegress.h"
#include "shared/model/step.h"

#include <QObject>

namespace danube::store {

/// Runs in the thread of the QObject given beside it, after COMMIT is durable; never when that object is gone.
template <class T> using Done = std::move_only_function<void(Result<T>)>;

struct JobFilter
{
    QString pipeline;
    QList<JobState> states; ///< empty = all
    QString branch;
    WallTime since{}; ///< createdAt at or after
};

struct JobPage
{
    QList<Job> jobs;    ///< newest first
    QString nextCursor; ///< empty at the end; opaque
};

/// Writes are queued to the one writer thread and committed in groups (WAL, synchronous FULL); queue bound 10 000, then
/// ResourceExhausted. Reads run at once in the caller's thread on its own connection and see every answered write.
/// Errors besides those named below: ResourceExhausted (disk full; the store stays usable), Unavailable (held by
/// another process, closed), DataLoss (damaged file), Io.
class JobStore
{
public:
    virtual ~JobStore() = default;
    /// Gives the job its number. AlreadyExists for a used id and for a used trigger key.
    virtual void insertJob(const Job &job, QObject *context, Done<Job> done) = 0;
    virtual void updateJob(const Job &job, QObject *context, Done<void> done) = 0;
    /// The message and the progress alone: one page of the file, where updateJob() takes one of each index, too.
    virtual void updateJobReport(const Job &job, QObject *context, Done<void> done) = 0;
    virtual Result<Job> job(const JobId &id) const = 0;    ///< NotFound
    virtual Result<QList<Job>> unfinishedJobs() const = 0; ///< oldest first
    virtual Result<JobPage> jobs(const JobFilter &filter, int limit, const QString &cursor) const = 0;
};

class StepStore
{
public:
    virtual ~StepStore() = default;
    /// AlreadyExists when the job has a step of this number or request id.
    virtual void insertStep(const Step &step, QObject *context, Done<void> done) = 0;
    virtual void updateStep(const Step &step, QObject *context, Done<void> done) = 0;
    virtual Result<QList<Step>> steps(const JobId &job) const = 0; ///< by number
};

class GrantStore
{
public:
    virtual ~GrantStore() = default;
    /// Remembers that a job was given a secret (the key's name only), so that masking survives a restart. Idempotent.
    virtual void insertGrant(const JobId &job, const QString &key, QObject *context, Done<void> done) = 0;
    virtual Result<QStringList> grants(const JobId &job) const = 0;
};

class ArtifactTable
{
public:
    virtual ~ArtifactTable() = default;
    virtual void insertArtifact(const Artifact &artifact, QObject *context,
                                Done<void> done) = 0; ///< AlreadyExists by (job, name)
    virtual Result<QList<Artifact>> artifacts(const JobId &job) const = 0;
    virtual Result<Artifact> artifact(const ArtifactId &id) const = 0;
};

struct RefusalFilter
{
    QString pipeline;
    WallTime since{}; ///< last seen at or after
    int limit = 1000;
};

class RefusalStore
{
public:
    virtual ~RefusalStore() = default;
    /// Inserts each, or replaces the row of the same job, kind, host, port and protocol. Saving the same again changes
    /// nothing.
    virtual void saveRefusals(const QList<EgressRefusal> &refusals, QObject *context, Done<void> done) = 0;
    virtual Result<QList<EgressRefusal>> refusals(const JobId &job) const = 0;            ///< by time of the first
    virtual Result<QList<EgressRefusal>> refusals(const RefusalFilter &filter) const = 0; ///< last seen first
};

class JobEgressStore
{
public:
    virtual ~JobEgressStore() = default;
    /// Inserts, or replaces the job's.
    virtual void saveJobEgress(const JobId &job, const JobEgress &egress, QObject *context, Done<void> done) = 0;
    virtual Result<std::optional<JobEgress>> jobEgress(const JobId &job) const = 0; ///< nothing: nobody noted it
};

class RetentionStore
{
public:
    virtual ~RetentionStore() = default;
    /// Oldest first.
    virtual Result<QList<Artifact>> artifactsBefore(WallTime createdBefore, int limit) const = 0;
    /// Their rows; the files are the artifact store's. No error for one that is not there.
    virtual void removeArtifacts(const QList<ArtifactId> &artifacts, QObject *context, Done<void> done) = 0;
};

/// Up to when the due times of one schedule were decided on.
struct CronMark
{
    QString pipeline;
    QString schedule; ///< as written
    QString branch;   ///< empty = the default branch
    WallTime until{};
    bool operator==(const CronMark &) const = default;
};

class CronMarkStore
{
public:
    virtual ~CronMarkStore() = default;
    /// Inserts, or replaces the one of the same pipeline, schedule and branch.
    virtual void saveCronMark(const CronMark &mark, QObject *context, Done<void> done) = 0;
    /// `until` does not matter. No error when there is none.
    virtual void removeCronMark(const CronMark &mark, QObject *context, Done<void> done) = 0;
    virtual Result<QList<CronMark>> cronMarks() const = 0; ///< in any order
};

/// Since the store was opened.
struct WriteCounts
{
    int64_t writes = 0;  ///< that are durable
    int64_t commits = 0; ///< which they shared
    bool operator==(const WriteCounts &) const = default;
};

class Store : public JobStore,
              public StepStore,
              public GrantStore,
              public ArtifactTable,
              public RefusalStore,
              public JobEgressStore,
              public CronMarkStore,
              public RetentionStore
{
public:
    /// Creates or migrates the file (defined in server/store/sqlite). One clear error for: directory missing or
    /// read-only, not a database, a database of a newer Danube ("database x has schema 7, this danube-master knows up
    /// to 3").
    static Result<std::unique_ptr<Store>> open(const QString &path);
    /// Waits for what is queued (at most `timeout`), then closes.
    virtual Result<void> close(milliseconds timeout) = 0;
    // For /metrics.
    virtual int queuedWrites() const = 0;
    virtual WriteCounts writeCounts() const = 0;
};

} // namespace danube::store
