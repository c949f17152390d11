// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/store.h"
#include "shared/core/mailbox.h"

#include <mutex>

namespace danube::tests {

/// An ArtifactTable in memory that keeps the contract: any thread, answers later in the context's thread.
class ArtifactTableFake final : public store::ArtifactTable
{
public:
    void insertArtifact(const Artifact &artifact, QObject *context, store::Done<void> done) override
    {
        Mailbox(context).post([done = std::move(done), result = insert(artifact)]() mutable { done(result); });
    }

    Result<QList<Artifact>> artifacts(const JobId &job) const override
    {
        const std::lock_guard lock(m_mutex);
        QList<Artifact> found;
        std::ranges::copy_if(m_rows, std::back_inserter(found), [&](const Artifact &row) { return row.job == job; });
        return found;
    }

    Result<Artifact> artifact(const ArtifactId &id) const override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find(m_rows, id, &Artifact::id);
        if (found == m_rows.end())
            return fail(ErrorCode::NotFound, QStringLiteral("artifact %1 does not exist").arg(id.value()));
        return *found;
    }

    /// The next insert answers this instead.
    void failNextInsert(Error error)
    {
        const std::lock_guard lock(m_mutex);
        m_nextError = std::move(error);
    }
    void clear()
    {
        const std::lock_guard lock(m_mutex);
        m_rows.clear();
    }

private:
    Result<void> insert(const Artifact &artifact)
    {
        const std::lock_guard lock(m_mutex);
        if (m_nextError)
            return std::unexpected(*std::exchange(m_nextError, std::nullopt));
        const auto isSame = [&](const Artifact &row) { return row.job == artifact.job && row.name == artifact.name; };
        if (std::ranges::any_of(m_rows, isSame))
            return fail(ErrorCode::AlreadyExists, QStringLiteral("artifact '%1' exists").arg(artifact.name));
        m_rows.append(artifact);
        return {};
    }

    mutable std::mutex m_mutex;
    QList<Artifact> m_rows;
    std::optional<Error> m_nextError;
};

} // namespace danube::tests
