// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::app {

/// From now on what this process forks ends with the thread that forked it, from its first instruction on. QProcess
/// lets its child wait for a word of its parent before anything else: one whose parent is killed just then would wait
/// for ever, with the lock of the data directory and the ports that the next master needs. What a child forks in turn,
/// as QProcess::startDetached() does, is left alone; so is what posix_spawn() and vfork() make, which wait for nobody.
void endChildrenWithUs();

} // namespace danube::app
