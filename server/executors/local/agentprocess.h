// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QList>

#include <sys/types.h>

namespace danube::local {

/// The danube-agent daemon of one directory on this machine, found by what the kernel says, never by a pid file.
namespace agentprocess {

/// Starts the daemon, detached from this process: it outlives the master. It claims `directory` itself, so a second one
/// for the same directory ends at once.
Result<void> spawn(const QString &program, const QString &directory, const QStringList &environment);

/// A connected, non-blocking Unix socket. NotFound: no daemon ever listened here; Unavailable: nobody listens now.
Result<int> connect(const QString &directory);

/// Whether a daemon holds the claim of `directory`.
bool isAlive(const QString &directory);

/// Daemons of this directory as seen in /proc (by their exact command line).
QList<pid_t> find(const QString &directory);

} // namespace agentprocess

/// Processes whose environment carries the job's marker: for what outlived an agent outside a PID namespace.
QList<pid_t> findByMarker(const QString &marker);

/// Deletes a tree without following links, also below folders made unwritable; missing is fine.
Result<void> removeTree(const QString &path);

} // namespace danube::local
