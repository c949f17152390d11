// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/sandbox/identity.h"
#include "server/sandbox/network.h"
#include "server/sandbox/options.h"

namespace danube::sandbox {

/// Starts danube-guard in this process's own namespaces, as the identity's guard; `control` is its end of the control
/// socket, `log` becomes its standard error. The child's process id.
SystemResult<pid_t> startGuard(const Options &options, const Identity &identity, int control, int log);

/// What the guard is told first: `config`, a JSON object, with the member "listeners" behind the others, one per
/// descriptor. InvalidArgument (EINVAL) when it is no object.
SystemResult<std::string> firstMessage(std::string_view config, const std::vector<Listener> &listeners);

/// Hands everything over and waits until the guard is ready, for at most 20 s. The error has the guard's own words.
SystemResult<void> configureGuard(int control, const std::string &message, const std::vector<Listener> &listeners);

} // namespace danube::sandbox
