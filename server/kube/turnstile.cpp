// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/turnstile.h"

namespace danube::kube {

Turnstile::Turnstile(std::shared_ptr<Limiter> limiter, QObject *parent) : QObject(parent), m_limiter(std::move(limiter))
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Turnstile::pump);
}

bool Turnstile::join(QObject *who, std::function<void()> go)
{
    if (m_waiting.size() >= maxWaiting)
        return false;
    m_waiting.push_back({who, std::move(go)});
    if (!m_timer.isActive())
        m_timer.start(0);
    return true;
}

void Turnstile::pump()
{
    const QPointer<Turnstile> self(this); // who goes may end us
    while (self && !m_waiting.empty()) {
        if (!m_waiting.front().who) {
            m_waiting.pop_front();
            continue;
        }
        const auto now = std::chrono::steady_clock::now();
        const auto wait = m_isReserved ? m_limiter->renew(now) : m_limiter->reserve(now);
        m_isReserved = true;
        if (wait > wait.zero())
            return m_timer.start(wait);
        m_isReserved = false;
        const Place place = std::move(m_waiting.front());
        m_waiting.pop_front();
        place.go();
    }
}

} // namespace danube::kube
