// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/engine.h"
#include "server/jobs/redaction.h"
#include "server/logs/logwriter.h"

namespace danube::jobs {

/// One job's log as the engine needs it: opened once, with everything masked that the job knows, before anybody may
/// write to it.
class JobLog : public QObject
{
    Q_OBJECT
public:
    using Opened = std::move_only_function<void(Result<void>)>;
    JobLog(const EngineServices &services, JobId job) : m_services(services), m_job(std::move(job)) {}

    /// Opens the log and masks the job's token and all `grants`; a grant whose value is gone cannot be masked and is
    /// reported in the log. An open log is answered at once; callers while it is being opened wait together.
    void open(const QStringList &grants, Opened done);
    /// From when `done` runs the value is masked, and known to secrets().
    void grant(const QString &key, Secret value, std::move_only_function<void()> done);
    void note(const QString &text);
    void seal(std::move_only_function<void(Result<logs::LogSeal>)> done);

    const GrantedSecrets &secrets() const { return m_secrets; }

private:
    void maskAll(const QStringList &grants);
    void know(const QString &key, Secret value);
    void finishOpening(const Result<void> &result);

    enum class State { Closed, Opening, Open };
    const EngineServices &m_services;
    JobId m_job;
    State m_state = State::Closed;
    std::vector<Opened> m_waiting;
    GrantedSecrets m_secrets;
};

} // namespace danube::jobs
