// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"

#include <functional>
#include <map>

namespace danube::rpc {

/// Bytes that calls of all jobs hold together, up to a bound. Where more is wanted, the job that holds most gives way,
/// with what it took last: so what one job holds is never a reason to refuse another's call, and what has begun goes
/// on. (docs/adr/0012-who-makes-room.md) One thread.
class SharedMemory
{
public:
    explicit SharedMemory(qint64 most) : m_most(most) {}
    SharedMemory(const SharedMemory &) = delete;
    SharedMemory &operator=(const SharedMemory &) = delete;

    class Share;

private:
    struct Holding
    {
        qint64 bytes = 0;
        std::map<uint64_t, Share *> shares; ///< by when they were taken
    };
    using Holdings = std::map<JobId, Holding>;

public:
    /// What one call holds; given back when this goes. Costs nearly nothing as long as that is less than 1 KiB.
    class Share
    {
    public:
        /// `giveWay` is called, from within a grow(), also another one's, when the call must make room: its bytes count
        /// no more, so it frees them and refuses or ends the call. Without a job (a caller without a token) all are
        /// one. `job` outlives this.
        Share(SharedMemory &memory, const std::optional<JobId> &job, std::function<void()> giveWay)
            : m_memory(memory), m_job(job), m_giveWay(std::move(giveWay))
        {}
        ~Share() { clear(); }
        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;

        /// So many bytes more. False: it is this call that has to give way, and `giveWay` is not called.
        bool grow(qint64 bytes);
        void clear(); ///< nothing is held any more

    private:
        friend class SharedMemory;
        SharedMemory &m_memory;
        const std::optional<JobId> &m_job;
        std::function<void()> m_giveWay;
        qint64 m_bytes = 0;
        uint64_t m_place = 0;           ///< 0 = not counted
        Holdings::iterator m_holding{}; ///< of the job, while counted
    };

    qint64 held() const { return m_held; } ///< without calls that hold less than 1 KiB

private:
    void count(Share &share);
    void release(Share &share);
    Share &mostDispensable() const;

    const qint64 m_most;
    qint64 m_held = 0;
    uint64_t m_places = 0;
    Holdings m_holdings; ///< none is empty
};

} // namespace danube::rpc
