// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "server/store/store.h"
#include "shared/core/reply.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace danube::store {

/// How much of the database one write changes. SQLite undoes a statement that fails by itself (or, where it cannot, all
/// of the transaction); several together need a savepoint, which costs a copy of every page they touch.
enum class WriteExtent { OneStatement, Several };

/// One queued change. Both calls come from the writer thread, finish() exactly once.
class Write
{
public:
    explicit Write(WriteExtent extent) : m_extent(extent) {}
    Write(const Write &) = delete;
    Write &operator=(const Write &) = delete;
    virtual ~Write() = default;
    WriteExtent extent() const { return m_extent; }
    virtual Result<void> apply(Database &database) = 0;         ///< its failure undoes only itself
    virtual void finish(const std::optional<Error> &error) = 0; ///< after COMMIT, or instead of it

private:
    WriteExtent m_extent;
};

/// A change made by `change(database)` whose answer goes to a reply.
template <class T, class Change> class WriteOf final : public Write
{
public:
    WriteOf(WriteExtent extent, Change change, Reply<Result<T>> reply)
        : Write(extent), m_change(std::move(change)), m_reply(std::move(reply))
    {}

    Result<void> apply(Database &database) override
    {
        m_answer = m_change(database);
        return m_answer.transform([](const auto &...) {});
    }
    void finish(const std::optional<Error> &error) override
    {
        if (error)
            m_answer = std::unexpected(*error);
        m_reply(std::move(m_answer));
    }

private:
    Change m_change;
    Reply<Result<T>> m_reply;
    Result<T> m_answer = std::unexpected(Error{});
};

/// The one writer: a thread that takes what is queued, makes it one transaction, and answers after its COMMIT. Under
/// load groups grow by themselves, so that one fsync serves many.
class WriteQueue
{
public:
    WriteQueue(std::unique_ptr<Database> database, int bound);
    ~WriteQueue(); ///< fails what is still queued

    /// Any thread. Refused (ResourceExhausted when full, Unavailable when stopping) by finish() at once.
    void push(std::unique_ptr<Write> write);
    int size() const;           ///< queued or being written
    WriteCounts counts() const; ///< any thread; what was answered is in it
    /// Takes no more, waits until all is written or the time is over (Timeout: the rest was failed), ends the thread.
    Result<void> stop(milliseconds timeout);

private:
    using Group = std::vector<std::unique_ptr<Write>>;
    std::optional<Error> enqueue(std::unique_ptr<Write> &write);
    void run();
    Group takeGroup();
    void commit(Group &group);

    std::unique_ptr<Database> m_database; // writer thread
    const size_t m_bound;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_idle;
    std::deque<std::unique_ptr<Write>> m_queue;
    size_t m_inGroup = 0;
    std::atomic<int64_t> m_written = 0;
    std::atomic<int64_t> m_commits = 0;
    bool m_draining = false;
    bool m_abandoned = false;
    std::thread m_thread;
};

} // namespace danube::store
