// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/readythreads.h"

#include <QThreadPool>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace danube {
namespace {

struct Meeting
{
    std::mutex mutex;
    std::condition_variable all;
    int missing = 0;
};

} // namespace

void makeThreadsReady(QThreadPool &pool, int count)
{
    pool.setMaxThreadCount(count);
    pool.setExpiryTimeout(-1);
    const auto meeting = std::make_shared<Meeting>();
    meeting->missing = count;
    for (int i = 0; i < count; ++i) {
        pool.start([meeting] {
            // Each keeps its thread until all have one; else the first would do everything.
            std::unique_lock lock(meeting->mutex);
            if (--meeting->missing == 0)
                meeting->all.notify_all();
            meeting->all.wait_for(lock, std::chrono::seconds(1), [&] { return meeting->missing == 0; });
        });
    }
    // Not waitForDone(): that ends the threads.
    std::unique_lock lock(meeting->mutex);
    meeting->all.wait_for(lock, std::chrono::seconds(1), [&] { return meeting->missing == 0; });
}

} // namespace danube
