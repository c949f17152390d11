// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/jobsession.h"

#include "console/controllers/logfeed.h"
#include "console/controllers/streamslots.h"
#include "console/models/progress.h"
#include "shared/api/session.h"

using namespace Qt::StringLiterals;

namespace danube::console {

JobSession::JobSession(api::Session &session, const Job &first, std::unique_ptr<LogStore> store, const Clock &clock,
                       StreamSlots &turns, QObject *parent)
    : QObject(parent),
      m_session(session),
      m_job(first),
      m_clock(clock),
      m_steps(clock),
      m_refusals({tr("Host"), tr("Port"), tr("Protocol"), tr("Times"), tr("Steps"), tr("Last"), tr("What happened")}),
      m_events({tr("Time"), tr("Event"), tr("Of"), tr("Data")}),
      m_log(std::move(store))
{
    connect(&m_session, &api::Session::jobChanged, this, [this](const Job &job) {
        if (job.id != m_job.id)
            return;
        keepEvent(u"job"_s, job.id.value(), toJson(job));
        takeJob(job);
    });
    connect(&m_session, &api::Session::stepChanged, this, [this](const JobId &job, const Step &step) {
        if (job != m_job.id)
            return;
        keepEvent(u"step"_s, QString::number(toInt(step.number)), toJson(step));
        takeStep(step);
    });
    connect(&m_session, &api::Session::resyncNeeded, this, [this] {
        load();
        if (m_wantsRefusals)
            loadRefusals();
    });
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &JobSession::load);
    connect(&m_log, &LogDocument::failed, this, &JobSession::problem);
    m_feed = std::make_unique<LogFeed>(m_session, m_job.id, m_log, clock, turns);
    connect(m_feed.get(), &LogFeed::connectionChanged, this, &JobSession::logConnectionChanged);
    connect(m_feed.get(), &LogFeed::problem, this, &JobSession::problem);
    load();
}

JobSession::~JobSession() = default;

const Connection &JobSession::logConnection() const
{
    return m_feed->connection();
}

bool JobSession::isLogWaiting() const
{
    return m_feed->isWaiting();
}

void JobSession::setLogWanted()
{
    m_feed->setWanted();
}

void JobSession::takeStep(const Step &step)
{
    m_steps.update(step);
    if (step.outcome && !step.outcome->isSuccess())
        emit jobChanged();
}

void JobSession::takeJob(const Job &job)
{
    if (isOlder(job, m_job))
        return;
    const bool ended = isFinal(job.state) && !isFinal(m_job.state);
    m_job = job;
    m_feed->retryIfMissing();
    emit jobChanged();
    if (ended && m_wantsRefusals)
        loadRefusals();
}

void JobSession::load()
{
    m_session.client().job(m_job.id, this, [this](Result<protocol::JobDetail> detail) {
        if (!detail) {
            const ErrorCode code = detail.error().code;
            const bool isAway = code == ErrorCode::Unavailable || code == ErrorCode::Timeout;
            if (isAway || code == ErrorCode::ResourceExhausted) // too many requests
                m_retry.start(m_backoff.next());
            if (!isAway) // which is said by the connection's word
                emit problem(tr("Load job %1: %2").arg(m_job.id.value(), detail.error().message));
            return;
        }
        m_backoff.reset();
        m_steps.replaceAll(detail->steps);
        m_egress = detail->egress;
        takeJob(detail->job);
        emit jobChanged(); // the steps may say why it failed
    });
}

} // namespace danube::console
