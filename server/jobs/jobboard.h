// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/secrets/secretsource.h"
#include "shared/protocol/rpcmessages.h"

#include <map>
#include <mutex>

namespace danube::jobs {

/// What the engine would answer at once, for other threads to read: of each job that runs, the status that is durable,
/// and the secrets it was given. The engine takes a thing off before it changes, so that an answer read here is one
/// that the engine could have given at that moment. Who asked the engine for a change must ask it, too, until that is
/// answered. (docs/adr/0014-answers-at-hand.md)
class JobBoard
{
public:
    /// A report that was taken and is durable: the same again, or less, changes nothing.
    struct Status
    {
        QString state; ///< the answer
        std::optional<QString> message;
        std::optional<double> progress;
        bool operator==(const Status &) const = default;
    };

    explicit JobBoard(const secrets::SecretSource &secrets) : m_secrets(secrets) {}

    // The engine's thread.
    void open(const JobId &job); ///< it may act
    void close(const JobId &job);
    void setStatus(const JobId &job, std::optional<Status> status);
    /// A value that the source gives for the job now, and that is masked in its log.
    void setSecret(const JobId &job, const QString &key, Secret value);

    // Any thread; nullopt: ask the engine. `tokenJob` is as for the engine.
    std::optional<QString> status(const JobId &tokenJob, const protocol::ReportStatusRequest &request) const;
    std::optional<QByteArray> secret(const JobId &tokenJob, const protocol::GetSecretRequest &request) const;

private:
    struct Given
    {
        Secret value;
        uint64_t revision; ///< of the source
    };
    struct Entry
    {
        std::optional<Status> status;
        std::map<QString, Given> secrets;
    };
    const Entry *find(const JobId &tokenJob, const JobId &job) const;

    const secrets::SecretSource &m_secrets;
    mutable std::mutex m_mutex; ///< of the entries
    std::map<JobId, Entry> m_entries;
};

} // namespace danube::jobs
