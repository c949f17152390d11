// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::agent {

enum class Isolation {
    Namespace, ///< this process is PID 1 of a PID namespace with a /proc of its own
    None,      ///< the kernel refuses: nothing changed, the caller becomes a subreaper instead
};

/// Goes on as PID 1 of a new PID and mount namespace (a new user namespace too where that takes no privilege): no step
/// can then kill the agent, and nothing outlives it. On success the calling process has ended, and a grandchild of it
/// returns from here. Call it first, before threads, descriptors or children exist.
Isolation isolate();

} // namespace danube::agent
