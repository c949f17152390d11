// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/mailbox.h"

#include <mutex>
#include <vector>

namespace danube {

struct Mailbox::Box
{
    std::mutex mutex;
    QObject *owner = nullptr; ///< nullptr once destroyed
    std::vector<Call> waiting;
    bool wakeUpPosted = false;

    bool isAlive()
    {
        const std::lock_guard lock(mutex);
        return owner != nullptr;
    }

    std::vector<Call> takeWaiting()
    {
        const std::lock_guard lock(mutex);
        wakeUpPosted = false;
        return std::exchange(waiting, {});
    }

    void close()
    {
        std::vector<Call> dropped; // outlives the lock: a call's destructor may post again
        const std::lock_guard lock(mutex);
        owner = nullptr;
        dropped.swap(waiting);
    }
};

Mailbox::Mailbox(QObject *owner) : m_box(std::make_shared<Box>())
{
    m_box->owner = owner;
    QObject::connect(owner, &QObject::destroyed, owner, [box = m_box] { box->close(); }, Qt::DirectConnection);
}

void Mailbox::post(Call call) const
{
    const std::lock_guard lock(m_box->mutex);
    if (!m_box->owner)
        return;
    m_box->waiting.push_back(std::move(call));
    if (std::exchange(m_box->wakeUpPosted, true))
        return;
    // Under the lock, so that the owner cannot be destroyed in between.
    QMetaObject::invokeMethod(m_box->owner, [box = m_box] { deliver(box); }, Qt::QueuedConnection);
}

void Mailbox::deliver(const std::shared_ptr<Box> &box)
{
    for (Call &call : box->takeWaiting()) {
        if (!box->isAlive()) // a call before this one may have destroyed the owner
            return;
        std::exchange(call, {})();
    }
}

} // namespace danube
