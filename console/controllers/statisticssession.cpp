// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/statisticssession.h"

#include "shared/api/apiclient.h"

namespace danube::console {

StatisticsSession::StatisticsSession(api::ApiClient &client, QObject *parent) : QObject(parent), m_client(client) {}

void StatisticsSession::want(const QList<JobId> &jobs)
{
    if (jobs == m_wanted)
        return;
    m_wanted = jobs;
    ask();
}

void StatisticsSession::retry()
{
    if (!m_problem.isEmpty())
        ask();
}

int StatisticsSession::missing() const
{
    const auto wanted = std::ranges::count_if(m_asked, [this](const JobId &job) { return m_wanted.contains(job); });
    return static_cast<int>(m_waiting.size() + wanted);
}

void StatisticsSession::ask()
{
    m_problem.clear();
    m_waiting.clear();
    for (const JobId &job : std::as_const(m_wanted)) {
        if (!m_known.contains(job) && !m_asked.contains(job))
            m_waiting.append(job);
    }
    forgetOthers();
    askNext();
    emit changed();
}

QList<FailedJob> StatisticsSession::known(const QList<JobId> &jobs) const
{
    QList<FailedJob> known;
    for (const JobId &job : jobs) {
        if (const auto found = m_known.constFind(job); found != m_known.cend())
            known.append(*found);
    }
    return known;
}

void StatisticsSession::askNext()
{
    while (m_asked.size() < mostAtOnce && !m_waiting.isEmpty()) {
        const JobId job = m_waiting.takeFirst();
        m_asked.insert(job);
        m_client.job(job, this, [this, job](Result<protocol::JobDetail> detail) {
            if (detail)
                m_known.insert(job, {job, detail->job.number, detail->steps});
            else if (detail.error().code == ErrorCode::NotFound)
                m_known.insert(job, {job, 0, {}}); // removed since: there is nothing to learn of it
            m_asked.remove(job);
            if (!detail && detail.error().code != ErrorCode::NotFound && m_wanted.contains(job)) {
                m_problem = detail.error().message;
                m_waiting.clear(); // the others would fail the same way; retry() asks again
            }
            askNext();
            emit changed();
        });
    }
}

void StatisticsSession::forgetOthers()
{
    if (m_known.size() <= mostKept)
        return;
    QHash<JobId, FailedJob> kept;
    for (const FailedJob &job : known(m_wanted))
        kept.insert(job.id, job);
    m_known = std::move(kept);
}

} // namespace danube::console
