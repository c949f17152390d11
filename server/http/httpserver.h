// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/authgate.h"
#include "server/http/dispatcher.h"
#include "server/http/resources.h"

#include <QTimer>

namespace danube::http {

/// All references outlive the server.
struct HttpServices
{
    const Clock &clock;
    store::Store &store;
    const blueprint::PipelineCatalog &pipelines;
    HttpBackend &backend;
    const auth::AuthGate &gate;
    metrics::Metrics &metrics;
    /// Called on the control and the SSE thread: [](id) { return logs::LogReader::open(directory, id); }
    LogFeed::OpenLog openLog;
    blueprint::BlueprintService *blueprint = nullptr; ///< none: the configuration comes from a directory
    egress::EgressService *egress = nullptr;
    TriggersOf triggersOf{};
    RetentionPlan retentionPlan{};
    secrets::SecretVault *secrets = nullptr;
};

/// REST and SSE, the same routes on every bound port (8080 and 3001 by default).
///
/// Threads: everything on the control thread, the SSE clients on a thread of the server's own. logObserver() is for
/// any thread. Order: construct → start() → bind() per port → drain() when no new work is wanted → destroy. Destroying
/// closes ports, connections and streams without waiting for clients.
class HttpServer : public QObject
{
    Q_OBJECT
public:
    HttpServer(HttpServices services, HttpLimits limits);
    ~HttpServer() override;

    Result<void> start(); ///< the SSE thread
    /// Port 0 = any free one; the answer is the port. The error names address and reason ("… in use").
    Result<quint16> bind(const QHostAddress &address, quint16 port);
    /// Idle connections are closed, others after their answer. Health goes on (not ready, says the backend), streams go
    /// on: a new master takes their clients over by Last-Event-ID.
    void drain();

    // What happened, for streams and metrics. From the engine's signals; control thread.
    /// A new state is told at once; what else changes of a job, as messages and progress, at most every 100 ms.
    void jobChanged(const Job &job);
    void stepChanged(const JobId &job, const Step &step);
    void blueprintChanged(const blueprint::BlueprintStatus &status);
    void egressChanged(const egress::EgressLevel &level);
    /// For LogService::grown and ::sealed, connected directly: for any thread, also one that is just calling when the
    /// server goes.
    std::function<void(const JobId &)> logObserver() const { return m_hub.logObserver(); }
    void logChanged(const JobId &job) { m_hub.logChanged(job); }
    /// From LogService::grown; counts the log bytes. Control thread.
    void countLog(const JobId &job, qint64 size);

private:
    void answer(Exchange &exchange);
    void refuseMethod(Exchange &exchange);
    void refusePrincipal(Exchange &exchange, const Error &error);
    void sendTooMany(Exchange &exchange, const QString &detail, std::chrono::nanoseconds wait);
    void readMetrics();
    void tellJob(const Job &job);
    void tellReports();

    /// Of an unfinished job.
    struct ToldJob
    {
        JobState state = JobState::Pending;
        std::optional<Job> later = {}; ///< not told yet
    };
    HttpServices m_services;
    const HttpLimits m_limits;
    SseHub m_hub;
    LogSearches m_searches;
    ResourceContext m_context;
    ConnectionPool m_pool; ///< before the dispatcher goes, all connections must be gone: see the destructor
    std::unique_ptr<Dispatcher> m_dispatcher;
    RateLimit m_requests;            ///< by subject
    RateLimit m_refusals;            ///< by peer
    QHash<JobId, qint64> m_logSizes; ///< of unfinished jobs
    QHash<JobId, ToldJob> m_told;
    QTimer m_reports; ///< runs while there is something to tell later
    metrics::Counter m_logBytes;
};

} // namespace danube::http
