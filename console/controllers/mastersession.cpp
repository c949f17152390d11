// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/mastersession.h"

#include "console/controllers/artifactsession.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/downloadqueue.h"
#include "console/controllers/egresssession.h"
#include "console/controllers/jobsession.h"
#include "console/controllers/secretssession.h"
#include "console/controllers/statisticssession.h"
#include "shared/api/session.h"

namespace danube::console {

namespace {

constexpr int pageSize = 1000;
constexpr qsizetype mostJobs = 50'000; // what the table keeps; older ones are for searches on the master

} // namespace

Result<std::unique_ptr<MasterSession>> MasterSession::open(const Profile &profile, Secret token, const Clock &clock,
                                                           const LogCache &cache, const SessionSettings &settings)
{
    auto endpoint = api::endpointFromText(profile.url, std::move(token));
    if (!endpoint)
        return std::unexpected(endpoint.error());
    api::EventStream::Settings stream;
    stream.heartbeat = settings.heartbeat;
    auto session = std::make_unique<api::Session>(std::move(*endpoint), stream);
    session->client().setTransferTimeout(settings.requestTimeout);
    return std::unique_ptr<MasterSession>(new MasterSession(profile, std::move(session), clock, cache));
}

MasterSession::MasterSession(const Profile &profile, std::unique_ptr<api::Session> session, const Clock &clock,
                             const LogCache &cache)
    : m_profile(profile),
      m_clock(clock),
      m_cache(cache),
      m_session(std::move(session)),
      m_jobs(clock, nullptr, mostJobs)
{
    m_jobs.setMaster(profile.name, profile.url);
    connect(m_session.get(), &api::Session::stateChanged, this, &MasterSession::followState);
    connect(m_session.get(), &api::Session::jobChanged, this, &MasterSession::takeJob);
    connect(m_session.get(), &api::Session::resyncNeeded, this, &MasterSession::loadJobs);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &MasterSession::loadJobs);
    connect(m_session.get(), &api::Session::signInNeeded, this, [this] {
        m_refused = true;
        followState();
    });
}

MasterSession::~MasterSession() = default;

void MasterSession::start()
{
    m_session->start();
}

void MasterSession::reconnectNow()
{
    m_session->retryNow();
}

void MasterSession::signIn(Secret token)
{
    m_refused = false;
    m_session->setToken(std::make_shared<const Secret>(std::move(token)));
    m_session->stop();
    m_session->start();
    if (m_loading)
        loadJobs();
}

void MasterSession::followState()
{
    using State = api::Session::State;
    if (m_refused)
        return setState(ConnectionState::SignInNeeded, tr("The master does not accept the token."));
    const QString reason = m_session->lastError().message;
    switch (m_session->state()) {
    case State::Connecting:
        // Between attempts the word stays "Offline": it is what the operator needs to know.
        if (m_connection.state == ConnectionState::Offline || m_connection.state == ConnectionState::Stale)
            return;
        return setState(ConnectionState::Connecting, {});
    case State::CatchingUp:
        return setState(ConnectionState::CatchingUp, {});
    case State::Live:
        return setState(m_loading ? ConnectionState::CatchingUp : ConnectionState::Live, {});
    case State::Stale:
        return setState(ConnectionState::Stale, tr("The master has been silent for too long."));
    case State::Offline:
    case State::Ended:
        return setState(ConnectionState::Offline, reason);
    }
}

void MasterSession::setState(ConnectionState state, const QString &detail)
{
    const Connection before = m_connection;
    const bool heard = before.state == ConnectionState::Live || before.state == ConnectionState::CatchingUp;
    m_connection.state = state;
    m_connection.detail = detail;
    if (heard)
        m_connection.lastHeard = m_clock.wall();
    if (m_connection == before)
        return;
    const bool away =
        state == ConnectionState::Stale || state == ConnectionState::Offline || state == ConnectionState::SignInNeeded;
    m_jobs.setAsOf(away ? std::optional(m_connection.lastHeard) : std::nullopt);
    emit connectionChanged();
    if (isLive() && before.state != ConnectionState::Live)
        loadAgain();
}

void MasterSession::loadAgain()
{
    if (m_blueprint)
        m_blueprint->retry();
    if (m_egress)
        m_egress->retry();
    if (m_secrets)
        m_secrets->retry();
    if (m_statistics)
        m_statistics->retry();
}

// The stream is open before the list is asked for, so nothing falls between them.
void MasterSession::loadJobs()
{
    m_retry.stop();
    m_loading = true;
    m_loaded.clear();
    m_during.clear();
    followState();
    loadPage({}, ++m_round);
}

void MasterSession::loadPage(const QString &cursor, quint64 round)
{
    protocol::JobQuery query;
    query.limit = pageSize;
    query.cursor = cursor;
    m_session->client().jobs(query, this, [this, round](Result<protocol::JobPage> page) {
        if (round != m_round)
            return;
        if (!page) {
            if (page.error().code == ErrorCode::Unauthenticated)
                return; // signIn() asks again
            if (page.error().code != ErrorCode::Unavailable && page.error().code != ErrorCode::Timeout)
                emit problem(tr("Load the list of jobs: %1").arg(page.error().message));
            m_retry.start(m_backoff.next());
            return;
        }
        m_loaded += page->jobs;
        for (const Job &job : std::as_const(page->jobs))
            noteState(m_during.value(job.id, job));
        for (const Job &job : std::as_const(page->jobs))
            m_jobs.update(m_during.value(job.id, job)); // shown while the rest is on its way
        if (page->nextCursor.isEmpty() || m_loaded.size() >= mostJobs)
            return pagesComplete();
        loadPage(page->nextCursor, round);
    });
}

void MasterSession::pagesComplete()
{
    m_jobs.replaceAll(m_loaded);
    m_jobs.update(m_during.values());
    m_jobs.flush(); // before the word says "Live"
    m_loaded.clear();
    m_during.clear();
    m_loading = false;
    m_backoff.reset();
    followState();
    askVersion();
}

// After every reconnect: it may be another program by now.
void MasterSession::askVersion()
{
    m_session->client().version(this, [this](const Result<QString> &version) {
        if (!version)
            return; // not worth a bar; the next connection asks again
        m_version = *version;
        emit versionKnown();
    });
}

void MasterSession::takeJob(const Job &job)
{
    if (m_loading)
        m_during.insert(job.id, job);
    m_jobs.update(job);
    noteState(job);
}

void MasterSession::noteState(const Job &job)
{
    const bool known = m_open.contains(job.id);
    const JobState from = m_open.value(job.id, job.state);
    if (isFinal(job.state))
        m_open.remove(job.id);
    else if (from <= job.state)
        m_open.insert(job.id, job.state);
    if (known && from < job.state)
        emit jobMoved(from, job);
}

Result<JobSession *> MasterSession::openJob(const JobId &job, QObject *parent)
{
    auto store = m_cache.open(m_profile.url, job);
    if (!store)
        return std::unexpected(store.error());
    const Job *known = m_jobs.job(job);
    Job first = known ? *known : Job{};
    first.id = job;
    return new JobSession(*m_session, first, std::move(*store), m_clock, m_turns, parent);
}

void MasterSession::cancel(const JobId &job)
{
    cancel(job, this, [this, job](const Result<Job> &answer) {
        if (!answer)
            emit problem(tr("Cancel job %1: %2").arg(job.value(), answer.error().message));
    });
}

void MasterSession::cancel(const JobId &job, QObject *context, Done done)
{
    m_session->client().cancel(job, context, [this, done = std::move(done)](Result<Job> answer) mutable {
        if (answer)
            takeJob(*answer);
        done(std::move(answer));
    });
}

void MasterSession::retry(const JobId &job, QObject *context, Done done)
{
    m_session->client().retry(job, context, [this, done = std::move(done)](Result<Job> answer) mutable {
        if (answer)
            takeJob(*answer);
        done(std::move(answer));
    });
}

void MasterSession::retry(const JobId &job)
{
    retry(job, this, [this, job](const Result<Job> &made) {
        if (!made)
            return emit problem(tr("Retry job %1: %2").arg(job.value(), made.error().message));
        m_jobs.flush();
        emit retried(job, *made);
    });
}

BlueprintSession &MasterSession::blueprint()
{
    if (!m_blueprint) {
        m_blueprint = std::make_unique<BlueprintSession>(m_session->client(), m_clock);
        connect(this, &MasterSession::connectionChanged, m_blueprint.get(), [this] { blockWrites(); });
        blockWrites();
    }
    return *m_blueprint;
}

void MasterSession::blockWrites()
{
    m_blueprint->setAway(isLive() ? QString() : tr("The master is not live (%1).").arg(describe(m_connection)));
}

EgressSession &MasterSession::egress()
{
    if (!m_egress)
        m_egress = std::make_unique<EgressSession>(m_session->client(), m_clock);
    return *m_egress;
}

SecretsSession &MasterSession::secrets()
{
    if (!m_secrets)
        m_secrets = std::make_unique<SecretsSession>(m_session->client());
    return *m_secrets;
}

StatisticsSession &MasterSession::statistics()
{
    if (!m_statistics)
        m_statistics = std::make_unique<StatisticsSession>(m_session->client());
    return *m_statistics;
}

ArtifactSession &MasterSession::artifacts()
{
    if (!m_artifacts)
        m_artifacts = std::make_unique<ArtifactSession>(m_session->client(), m_clock);
    return *m_artifacts;
}

DownloadQueue &MasterSession::downloads()
{
    if (!m_downloads)
        m_downloads = std::make_unique<DownloadQueue>(m_session->client());
    return *m_downloads;
}

} // namespace danube::console
