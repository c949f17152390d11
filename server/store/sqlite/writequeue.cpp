// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/writequeue.h"

#include <algorithm>
#include <pthread.h>

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

constexpr size_t largestGroup = 1024; // bounds the wait of the first in a group and the size of the WAL

/// Applies one write so that its failure undoes only itself. Nothing when the transaction still stands.
std::optional<Error> applyInSavepoint(Database &database, Write &write)
{
    auto done = database.execute("SAVEPOINT one").and_then([&] { return write.apply(database); });
    if (!done) {
        if (database.inTransaction())
            std::ignore = database.execute("ROLLBACK TO one");
    }
    if (database.inTransaction())
        std::ignore = database.execute("RELEASE one");
    return done ? std::nullopt : std::optional(done.error());
}

std::optional<Error> applyAlone(Database &database, Write &write)
{
    if (write.extent() == WriteExtent::Several)
        return applyInSavepoint(database, write);
    const auto done = write.apply(database);
    return done ? std::nullopt : std::optional(done.error());
}

} // namespace

WriteQueue::WriteQueue(std::unique_ptr<Database> database, int bound)
    : m_database(std::move(database)), m_bound(static_cast<size_t>(bound)), m_thread([this] { run(); })
{
    pthread_setname_np(m_thread.native_handle(), "db");
}

WriteQueue::~WriteQueue()
{
    std::ignore = stop(milliseconds(0));
}

void WriteQueue::push(std::unique_ptr<Write> write)
{
    if (const auto refusal = enqueue(write))
        write->finish(refusal);
    else
        m_wake.notify_one();
}

/// Takes the write, or says why not.
std::optional<Error> WriteQueue::enqueue(std::unique_ptr<Write> &write)
{
    const std::scoped_lock lock(m_mutex);
    if (m_draining)
        return Error{ErrorCode::Unavailable, u"write to the database: it is being closed"_s};
    if (m_queue.size() + m_inGroup >= m_bound)
        return Error{ErrorCode::ResourceExhausted, u"write to the database: %1 writes are waiting"_s.arg(m_bound)};
    m_queue.push_back(std::move(write));
    return std::nullopt;
}

int WriteQueue::size() const
{
    const std::scoped_lock lock(m_mutex);
    return static_cast<int>(m_queue.size() + m_inGroup);
}

WriteCounts WriteQueue::counts() const
{
    return {.writes = m_written, .commits = m_commits};
}

Result<void> WriteQueue::stop(milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    m_draining = true;
    const bool written = m_idle.wait_for(lock, timeout, [this] { return m_queue.empty() && m_inGroup == 0; });
    m_abandoned = true;
    const size_t left = m_queue.size();
    lock.unlock();
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
    if (written)
        return {};
    return fail(ErrorCode::Timeout, u"close the database: %1 queued writes were given up"_s.arg(left));
}

void WriteQueue::run()
{
    for (Group group = takeGroup(); !group.empty(); group = takeGroup()) {
        commit(group);
        group.clear();
        const std::scoped_lock lock(m_mutex);
        m_inGroup = 0;
        if (m_queue.empty())
            m_idle.notify_all();
    }
    for (auto &write : m_queue) // nobody adds to it any more
        write->finish(Error{ErrorCode::Unavailable, u"write to the database: it was closed before"_s});
    m_queue.clear();
    m_database.reset();
}

WriteQueue::Group WriteQueue::takeGroup()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_abandoned || !m_queue.empty(); });
    Group group;
    while (!m_abandoned && !m_queue.empty() && group.size() < largestGroup) {
        group.push_back(std::move(m_queue.front()));
        m_queue.pop_front();
    }
    m_inGroup = group.size();
    return group;
}

void WriteQueue::commit(Group &group)
{
    std::vector<std::optional<Error>> errors(group.size());
    std::optional<Error> groupError;
    if (auto begun = m_database->execute("BEGIN IMMEDIATE"); !begun)
        groupError = begun.error().in(u"begin a transaction"_s);
    for (size_t i = 0; i < group.size() && !groupError; ++i) {
        errors[i] = applyAlone(*m_database, *group[i]);
        if (!m_database->inTransaction()) // a full disk may end it: nothing of the group is written
            groupError = errors[i].value_or(Error{ErrorCode::Internal, u"the transaction ended early"_s});
    }
    if (!groupError) {
        if (auto committed = m_database->execute("COMMIT"); !committed)
            groupError = committed.error().in(u"commit"_s);
    }
    if (m_database->inTransaction())
        std::ignore = m_database->execute("ROLLBACK");
    if (const auto written = groupError ? 0 : std::ranges::count(errors, false, &std::optional<Error>::has_value)) {
        m_written += written;
        ++m_commits;
    }
    for (size_t i = 0; i < group.size(); ++i)
        group[i]->finish(groupError ? groupError : errors[i]);
}

} // namespace danube::store
