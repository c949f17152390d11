// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace danube::agent {

/// `danube-agent link`: joins stdin/stdout with DIR/agent.sock until one of them ends or nothing came from stdin for
/// silenceLimitSeconds. Returns the exit code; sentences go to stderr.
int pumpLink(const std::string &directory);

/// `danube-agent install DEST`: copies this very program to DEST (a file, or a directory that gets "danube-agent"),
/// mode 0555, by rename.
int installTo(const std::string &destination);

} // namespace danube::agent
