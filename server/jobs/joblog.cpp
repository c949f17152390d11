// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/joblog.h"

#include "server/auth/keyring.h"
#include "server/logs/logservice.h"
#include "server/secrets/secretsource.h"

#include <ranges>

using namespace Qt::StringLiterals;

namespace danube::jobs {

void JobLog::open(const QStringList &grants, Opened done)
{
    if (m_state == State::Open)
        return done({});
    m_waiting.push_back(std::move(done));
    if (std::exchange(m_state, State::Opening) == State::Opening)
        return;
    m_services.logs.open(m_job, this, [this, grants](Result<void> opened) {
        if (!opened)
            return finishOpening(opened);
        maskAll(grants);
    });
}

// All at once: the masker is built anew each time it is given something.
void JobLog::maskAll(const QStringList &grants)
{
    std::vector<Secret> all;
    all.push_back(m_services.keyring.jobToken(m_job));
    for (const QString &key : grants) {
        auto values = m_services.secrets.masks(key);
        if (values.empty())
            note(u"secret '%1' was given to this job, but is gone now and cannot be masked any more"_s.arg(key));
        for (Secret &value : std::views::reverse(values)) {
            know(key, value.clone());
            all.push_back(std::move(value));
        }
    }
    m_services.logs.addSecrets(m_job, std::move(all), this, [this] { finishOpening({}); });
}

/// As the key's present value; the one before stays known under a name that no key has.
void JobLog::know(const QString &key, Secret value)
{
    if (const auto known = m_secrets.find(key); known != m_secrets.end()) {
        Secret earlier = std::move(known->second);
        m_secrets.emplace(u"%1\n%2"_s.arg(key).arg(m_secrets.size()), std::move(earlier));
    }
    m_secrets.insert_or_assign(key, std::move(value));
}

void JobLog::finishOpening(const Result<void> &result)
{
    m_state = result ? State::Open : State::Closed;
    for (auto &waiting : std::exchange(m_waiting, {}))
        waiting(result);
}

void JobLog::grant(const QString &key, Secret value, std::move_only_function<void()> done)
{
    const auto known = m_secrets.find(key);
    if (known != m_secrets.end() && equalsConstantTime(known->second.reveal(), value.reveal()))
        return done();
    Secret kept = value.clone();
    m_services.logs.addSecret(m_job, std::move(value), this,
                              [this, key, kept = std::move(kept), done = std::move(done)]() mutable {
                                  know(key, std::move(kept));
                                  done();
                              });
}

void JobLog::note(const QString &text)
{
    m_services.logs.note(m_job, StepNumber::Coordinator, text);
}

void JobLog::seal(std::move_only_function<void(Result<logs::LogSeal>)> done)
{
    m_services.logs.seal(m_job, this, std::move(done));
}

} // namespace danube::jobs
