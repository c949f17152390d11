// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"

#include <mutex>

namespace danube::store {

/// Read connections. Each read borrows one for itself, so a reader never waits for another; as many are kept as ever
/// read at once (threads, not requests).
class ReadPool
{
public:
    explicit ReadPool(QString path, milliseconds busyTimeout) : m_path(std::move(path)), m_busyTimeout(busyTimeout) {}

    /// Any thread. Runs `read(database)` in the caller's thread; Unavailable after close().
    template <class Read> auto run(Read read) -> decltype(read(std::declval<Database &>()))
    {
        auto database = borrow();
        if (!database)
            return std::unexpected(database.error());
        auto answer = read(**database);
        giveBack(std::move(*database));
        return answer;
    }
    void close();

private:
    Result<std::unique_ptr<Database>> borrow();
    void giveBack(std::unique_ptr<Database> database);

    const QString m_path;
    const milliseconds m_busyTimeout;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Database>> m_free;
    bool m_closed = false;
};

} // namespace danube::store
