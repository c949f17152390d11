// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/joblog.h"

#include "server/auth/keyring.h"
#include "server/logs/logservice.h"
#include "server/secrets/secretsource.h"

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

void JobLog::maskAll(const QStringList &grants)
{
    ++m_masking; // so that it does not reach zero before all are under way
    mask(m_services.keyring.jobToken(m_job));
    for (const QString &key : grants) {
        auto values = m_services.secrets.masks(key);
        if (values.empty())
            note(u"secret '%1' was given to this job, but is gone now and cannot be masked any more"_s.arg(key));
        for (size_t i = 0; i < values.size(); ++i) {
            // Earlier values under names that no key has.
            m_secrets.insert_or_assign(i == 0 ? key : u"%1\n%2"_s.arg(key).arg(i), values[i].clone());
            mask(std::move(values[i]));
        }
    }
    if (--m_masking == 0)
        finishOpening({});
}

void JobLog::mask(Secret value)
{
    ++m_masking;
    m_services.logs.addSecret(m_job, std::move(value), this, [this] {
        if (--m_masking == 0)
            finishOpening({});
    });
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
                                  m_secrets.insert_or_assign(key, std::move(kept));
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
