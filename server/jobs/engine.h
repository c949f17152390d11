// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"
#include "server/jobs/jobboard.h"
#include "server/jobs/jobqueue.h"
#include "shared/model/principal.h"
#include "shared/protocol/rpcmessages.h"

#include <QTimer>

#include <map>
#include <memory>
#include <set>

namespace danube::store {
class Store;
}
namespace danube::logs {
class LogService;
}
namespace danube::auth {
class Keyring;
}
namespace danube::secrets {
class SecretSource;
}
namespace danube::source {
class SourceService;
}
namespace danube::blueprint {
class PipelineCatalog;
}

namespace danube::jobs {

class JobRun;
template <class T> class Answer;

struct TriggerRequest
{
    QString pipeline;
    QString ref; ///< empty = default branch
    QMap<QString, QString> params;
    Principal principal;
    QString type = QStringLiteral("api");
    QString triggerRef{}; ///< as in Job
    QString triggerKey{}; ///< as in Job: a second request with the same one is refused
};

/// What a rule broken outside of the job's own doing (egress, for one) means for it.
enum class Violation {
    Noted, ///< a line in its log
    Fatal, ///< and the job fails
};

struct EngineSettings
{
    int maxConcurrentJobs = 0;  ///< 0 = 2 × cores
    int maxQueuedJobs = 10'000; ///< then ResourceExhausted
    QString rpcUrl;             ///< as coordinators reach it
    milliseconds schedulingTimeout{300'000};
    milliseconds killGrace{10'000};      ///< of the executor's kill
    milliseconds stopMargin{10'000};     ///< beyond the grace, for killed steps to report
    milliseconds releaseTimeout{60'000}; ///< per try, of three
    milliseconds sealTimeout{20'000};    ///< per try, of three
    milliseconds tick{200};              ///< how often deadlines are looked at
    qint64 captureLimit = 1 << 20;       ///< bytes of captured stdout in an answer
};

struct EngineServices
{
    const Clock &clock;
    store::Store &store;
    logs::LogService &logs;
    Executor &executor;
    const auth::Keyring &keyring;
    secrets::SecretSource &secrets;
    source::SourceService &source;
    const blueprint::PipelineCatalog &pipelines;
};

/// The job engine: queue, lifecycle, steps, cancel, retry, recovery. Control thread only; callbacks run there too,
/// once, possibly from inside the call, and never when `context` is gone. Every state change is durable before its
/// effect, and every answer after it. A job's end is two rows: its verdict is durable before anything is torn down (so
/// a crash cannot flip it), its final state when containers are gone and the log is sealed. Until then its state says
/// running.
class Engine : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;

    Engine(EngineServices services, EngineSettings settings);
    ~Engine() override;

    /// Before recover(): the RPC port may be known only when it is bound.
    void setRpcUrl(QString url) { m_settings.rpcUrl = std::move(url); }
    /// Adopts what a former master left running, fails what cannot be adopted, starts the queue. Call once.
    /// Before it everything is Unavailable; a coordinator's calls are until its job is adopted. Jobs that do not run
    /// yet wait for a configuration, should there be none so far.
    Result<void> recover();
    /// No new jobs, no new steps (Unavailable); running ones go on without this master.
    void drain();
    bool isDraining() const;

    /// The catalog changed: limits of pipelines hold for jobs that wait, too. A job keeps the priority it came with.
    /// When there is a configuration for the first time, what a former master left goes on by it.
    void readLimits();

    // For REST and triggers.
    void trigger(const TriggerRequest &request, QObject *context,
                 Done<Job> done); ///< NotFound, ResourceExhausted, AlreadyExists for a used trigger key
    void cancel(const JobId &job, const Principal &by, QObject *context,
                Done<Job> done); ///< NotFound, Conflict when ended
    void retry(const JobId &job, const Principal &by, QObject *context,
               Done<Job> done); ///< NotFound, Conflict when not ended

    /// Nothing for a job that does not run (any more): what is found out later changes no verdict.
    void reportViolation(const JobId &job, const QString &text, Violation violation);

    // For RPC. `tokenJob` is the job the token belongs to. PermissionDenied when it is not the body's job, NotFound
    // when the job ended or never was, Conflict for a request id with another body or an illegal transition (also when
    // the job is not running or its end is decided), Unavailable for what may be asked again (draining, adoption after
    // a restart). A caller who goes away stops nothing.
    void runStep(const JobId &tokenJob, const protocol::RunStepRequest &request, QObject *context,
                 Done<protocol::RunStepAnswer> done);
    void getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request, QObject *context,
                   Done<QByteArray> done);
    void reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request, QObject *context,
                      Done<QString> done);
    /// Path of a git bundle holding the job's exact commit; the caller streams it and does not delete it.
    void sourceBundle(const JobId &tokenJob, const JobId &job, QObject *context, Done<QString> done);
    /// Whether the job may still upload; used by the upload route before it takes the body.
    Result<void> checkJob(const JobId &tokenJob, const JobId &job) const;
    const JobBoard &board() const { return m_board; } ///< to be read in any thread

    struct Counts
    {
        int queued = 0;
        int running = 0;
    };
    Counts counts() const;

signals:
    void jobChanged(danube::Job job); ///< after the change is durable
    void stepChanged(danube::JobId job, danube::Step step);
    void jobEnded(danube::Job job); ///< after the log is sealed and the containers are gone

private:
    void connectExecutor();
    void insert(Job job, const Pipeline &pipeline, Answer<Job> answer);
    void adopt(const Job &job, const QList<Step> &steps, const QStringList &grants);
    void findPipelines();
    void goOn(JobRun &run, bool isConfigured);
    JobRun &addRun(const Job &job, const Pipeline &pipeline);
    JobRun *find(const JobId &job) const;
    void finish(const JobId &job);
    void pump();
    void checkTimers();
    Result<Pipeline> pipelineOf(const QString &name) const;
    Result<void> checkNewJobs() const;
    Result<JobRun *> runFor(const JobId &tokenJob, const JobId &job) const;
    Result<JobRun *> actingRunFor(const JobId &tokenJob, const JobId &job) const;
    Result<Secret> secretFor(const JobRun &run, const QString &key) const;
    void grant(const JobId &job, const QString &key, Secret value, Answer<QByteArray> answer);

    EngineServices m_services;
    EngineSettings m_settings;
    JobQueue m_queue;
    JobBoard m_board;
    std::map<JobId, std::unique_ptr<JobRun>> m_runs; ///< every unfinished job
    std::set<JobId> m_unconfigured;                  ///< adopted with what their rows tell of the pipeline
    QTimer m_tick;
    int m_inserting = 0;      ///< jobs whose first row is being written
    bool m_recovered = false; ///< until then nobody is told that a job does not exist
    bool m_draining = false;
};

} // namespace danube::jobs
