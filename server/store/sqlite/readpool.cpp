// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/readpool.h"

using namespace Qt::StringLiterals;

namespace danube::store {

Result<std::unique_ptr<Database>> ReadPool::borrow()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_closed)
            return fail(ErrorCode::Unavailable, u"read database %1: it is closed"_s.arg(m_path));
        if (!m_free.empty()) {
            auto database = std::move(m_free.back());
            m_free.pop_back();
            return database;
        }
    }
    return Database::open(m_path, Database::Access::ReadOnly, m_busyTimeout)
        .transform_error([this](const Error &error) { return error.in(u"read database %1"_s.arg(m_path)); });
}

void ReadPool::giveBack(std::unique_ptr<Database> database)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_closed)
        m_free.push_back(std::move(database));
}

void ReadPool::close()
{
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_free.clear();
}

} // namespace danube::store
