// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobboard.h"

namespace danube::jobs {

void JobBoard::open(const JobId &job)
{
    const std::scoped_lock lock(m_mutex);
    m_entries.try_emplace(job);
}

void JobBoard::close(const JobId &job)
{
    const std::scoped_lock lock(m_mutex);
    m_entries.erase(job);
}

void JobBoard::setStatus(const JobId &job, std::optional<Status> status)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_entries.find(job); found != m_entries.end())
        found->second.status = std::move(status);
}

void JobBoard::setSecret(const JobId &job, const QString &key, Secret value)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_entries.find(job); found != m_entries.end())
        found->second.secrets.insert_or_assign(key, Given{std::move(value), m_secrets.revision()});
}

const JobBoard::Entry *JobBoard::find(const JobId &tokenJob, const JobId &job) const
{
    const auto found = tokenJob == job ? m_entries.find(job) : m_entries.end();
    return found == m_entries.end() ? nullptr : &found->second;
}

std::optional<QString> JobBoard::status(const JobId &tokenJob, const protocol::ReportStatusRequest &request) const
{
    const std::scoped_lock lock(m_mutex);
    const Entry *entry = find(tokenJob, request.job);
    if (!entry || !entry->status)
        return std::nullopt;
    const Status &known = *entry->status;
    const bool isKnown = (!request.state || *request.state == known.state) &&
                         (!request.message || request.message == known.message) &&
                         (!request.progress || request.progress == known.progress);
    return isKnown ? std::optional(known.state) : std::nullopt;
}

std::optional<QByteArray> JobBoard::secret(const JobId &tokenJob, const protocol::GetSecretRequest &request) const
{
    const std::scoped_lock lock(m_mutex);
    const Entry *entry = find(tokenJob, request.job);
    if (!entry)
        return std::nullopt;
    const auto found = entry->secrets.find(request.key);
    if (found == entry->secrets.end() || found->second.revision != m_secrets.revision())
        return std::nullopt;
    return found->second.value.reveal();
}

} // namespace danube::jobs
