// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/launch.h"

namespace danube::agent {

/// What a supervisor gets at its fork; all descriptors are its own copies.
struct SupervisorTask
{
    const StepSpec &spec;
    ProcessDefaults defaults;
    int control = -1; ///< its end of the SOCK_SEQPACKET pair
    int standardOutput = -1;
    int standardError = -1;
    int directory = -1; ///< DIR/steps/<n>, where the exit record goes
};

/// The body of the small process between daemon and step, in the forked child. It is the subreaper of everything the
/// step starts, also of what calls setsid or double-forks: nothing below it can leave the tree, and "no child left"
/// means nothing is left at all. It reports by ControlMessages, kills on the daemon's word or when the daemon is gone.
[[noreturn]] void runSupervisor(const SupervisorTask &task);

/// Writes DIR/steps/<n>/exit: temporary file, fsync, rename.
bool writeRecord(int directory, ByteView record);

} // namespace danube::agent
