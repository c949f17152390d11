// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/profile.h"
#include "console/controllers/streamslots.h"
#include "console/models/connection.h"
#include "console/models/jobtablemodel.h"
#include "console/models/logcache.h"
#include "shared/core/backoff.h"
#include "shared/core/secret.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace danube::api {
class Session;
} // namespace danube::api

namespace danube::console {

class ArtifactSession;
class BlueprintSession;
class DownloadQueue;
class EgressSession;
class JobSession;
class SecretsSession;
class StatisticsSession;

/// How a master is spoken to.
struct SessionSettings
{
    milliseconds heartbeat{15'000}; ///< of the event streams; after 2.5 of them without a byte the state is Stale
    milliseconds requestTimeout{30'000};
};

/// One connected master: keeps its job table the present, through cuts and restarts of the master, and says how far
/// that can be believed. Opens jobs, sends what the operator wants done. GUI thread.
class MasterSession : public QObject
{
    Q_OBJECT
public:
    /// InvalidArgument: the profile's URL is none. Connects by start().
    static Result<std::unique_ptr<MasterSession>> open(const Profile &profile, Secret token, const Clock &clock,
                                                       const LogCache &cache, const SessionSettings &settings = {});
    ~MasterSession() override;

    const Profile &profile() const { return m_profile; }
    JobTableModel *jobs() { return &m_jobs; }
    const Connection &connection() const { return m_connection; }
    const QString &version() const { return m_version; } ///< of the master; empty until it told
    bool isLive() const { return m_connection.state == ConnectionState::Live; }

    void start();
    void reconnectNow();       ///< does not wait for the next attempt
    void signIn(Secret token); ///< a new token; connects again

    /// A job's page data; `parent` must not outlive this session. Errors: the cache of logs cannot be opened.
    Result<JobSession *> openJob(const JobId &job, QObject *parent);
    void cancel(const JobId &job); ///< what goes wrong is a problem()
    void retry(const JobId &job);  ///< answers by retried()
    using Done = std::move_only_function<void(Result<Job>)>;
    void cancel(const JobId &job, QObject *context, Done done); ///< one, and its answer; nothing is told besides
    void retry(const JobId &job, QObject *context, Done done);  ///< the same; without retried()
    QString marksFileOf(const JobId &job) const { return m_cache.marksOf(m_profile.url, job); }

    static constexpr int mostLogStreams = 6; ///< open at once; further logs wait for their turn

    // Made when first asked for; they live as long as this session.
    BlueprintSession &blueprint();
    EgressSession &egress();
    SecretsSession &secrets();
    StatisticsSession &statistics();
    ArtifactSession &artifacts();
    DownloadQueue &downloads();

signals:
    void connectionChanged();
    void versionKnown();
    /// A job that was known in one state is in another: while watching, or found so after a cut.
    void jobMoved(danube::JobState from, const danube::Job &job);
    void retried(const danube::JobId &old, const danube::Job &made);
    /// One sentence for people about something that did not work; for a bar in the page, never a dialog.
    void problem(const QString &text);

private:
    MasterSession(const Profile &profile, std::unique_ptr<api::Session> session, const Clock &clock,
                  const LogCache &cache);
    void followState();
    void setState(ConnectionState state, const QString &detail);
    void loadJobs();
    void loadPage(const QString &cursor, quint64 round);
    void pagesComplete();
    void takeJob(const Job &job);
    void noteState(const Job &job);

    void askVersion();
    void blockWrites(); ///< of the Blueprint, while the master is not live
    void loadAgain();   ///< what could not be loaded while it was away

    Profile m_profile;
    QString m_version;
    const Clock &m_clock;
    LogCache m_cache;
    std::unique_ptr<api::Session> m_session;
    std::unique_ptr<BlueprintSession> m_blueprint;
    std::unique_ptr<EgressSession> m_egress;
    std::unique_ptr<SecretsSession> m_secrets;
    std::unique_ptr<StatisticsSession> m_statistics;
    std::unique_ptr<ArtifactSession> m_artifacts;
    std::unique_ptr<DownloadQueue> m_downloads;
    StreamSlots m_turns{mostLogStreams};
    JobTableModel m_jobs;
    Connection m_connection;
    quint64 m_round = 0; ///< of loading the list; an older round's pages are void
    bool m_loading = false;
    bool m_refused = false; ///< the token; no attempt until signIn()
    QList<Job> m_loaded;
    Backoff m_backoff{milliseconds(1000), milliseconds(30'000)};
    QTimer m_retry;                ///< of loading the list
    QHash<JobId, JobState> m_open; ///< jobs that have not ended, as last heard
    QHash<JobId, Job> m_during;    ///< events that came while loading: newer than any page
};

} // namespace danube::console
