// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace danube {

/// Runs calls in the thread of one QObject for as long as that object lives. Copies share one box; post() is for any
/// thread. Calls run in the order of posting, and any number of them costs one wake-up. A call that can no longer run
/// is destroyed unrun, in the poster's or the owner's thread, so it may capture values and weak pointers only.
/// The box has no bound of its own: its users bound what they have in flight.
class Mailbox
{
public:
    using Call = std::move_only_function<void()>;

    explicit Mailbox(QObject *owner); ///< in the owner's thread
    void post(Call call) const;

private:
    struct Box;
    static void deliver(const std::shared_ptr<Box> &box);
    std::shared_ptr<Box> m_box;
};

} // namespace danube
