// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/quotaqueue.h"

namespace danube::kubernetes {

QuotaQueue::QuotaQueue(Backoff backoff, QObject *parent) : QObject(parent), m_backoff(std::move(backoff))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &QuotaQueue::tryNext);
}

void QuotaQueue::enter(const JobId &job, std::function<void()> retry)
{
    leave(job);
    m_waiting.append({job, std::move(retry)});
    if (!m_timer.isActive())
        m_timer.start(m_backoff.next());
}

void QuotaQueue::leave(const JobId &job)
{
    m_waiting.removeIf([&job](const Waiting &waiting) { return waiting.job == job; });
}

void QuotaQueue::roomMade()
{
    m_backoff.reset();
    if (!m_waiting.empty())
        m_timer.start(std::chrono::milliseconds(0));
}

void QuotaQueue::tryNext()
{
    if (m_waiting.empty())
        return;
    const Waiting next = m_waiting.takeFirst();
    if (!m_waiting.empty())
        m_timer.start(m_backoff.next());
    next.retry();
}

} // namespace danube::kubernetes
