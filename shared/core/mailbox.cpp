// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/mailbox.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace danube {

/// Two locks, so that the owner's thread, which the first call wakes, need not wait for the caller to finish waking it.
struct Mailbox::Box
{
    std::mutex mutex; ///< of the next three; held for a moment only
    bool isOpen = true;
    std::vector<Call> waiting;
    bool wakeUpPosted = false;
    std::mutex ownerMutex;
    QObject *owner = nullptr; ///< nullptr once destroyed
    std::atomic<bool> isOwnerAlive = true;

    std::vector<Call> takeWaiting()
    {
        const std::lock_guard lock(mutex);
        wakeUpPosted = false;
        return std::exchange(waiting, {});
    }

    void close()
    {
        std::vector<Call> dropped; // outlives the locks: a call's destructor may post again
        {
            const std::lock_guard lock(ownerMutex);
            owner = nullptr;
            isOwnerAlive = false;
        }
        const std::lock_guard lock(mutex);
        isOpen = false;
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
    {
        const std::lock_guard lock(m_box->mutex);
        if (!m_box->isOpen)
            return;
        m_box->waiting.push_back(std::move(call));
        if (std::exchange(m_box->wakeUpPosted, true))
            return;
    }
    // Under its lock, so that the owner cannot be destroyed in between.
    const std::lock_guard lock(m_box->ownerMutex);
    if (m_box->owner)
        QMetaObject::invokeMethod(m_box->owner, [box = m_box] { deliver(box); }, Qt::QueuedConnection);
}

void Mailbox::deliver(const std::shared_ptr<Box> &box)
{
    for (Call &call : box->takeWaiting()) {
        if (!box->isOwnerAlive) // a call before this one may have destroyed the owner
            return;
        std::exchange(call, {})();
    }
}

} // namespace danube
