// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QList>

#include <chrono>

#include <sys/types.h>

namespace danube::local {

/// The danube-agent daemon of one directory on this machine, found by what the kernel says, never by a pid file.
namespace agentprocess {

struct Detached
{
    QString program;
    QStringList arguments;
    QString directory;       ///< to work in
    QString logFile;         ///< its standard error is appended to it
    QStringList environment; ///< "NAME=value"; all it gets
};
/// Starts a program that outlives the master.
Result<void> spawn(const Detached &process);

struct Agent
{
    QString program;
    QString directory;
    QStringList environment;
    std::chrono::seconds orphanLimit; ///< without a master it ends
};
/// Starts the daemon, detached from this process. It claims `directory` itself, so a second one for the same directory
/// ends at once.
Result<void> spawn(const Agent &agent);

/// A connected, non-blocking Unix socket. NotFound: no daemon ever listened here; Unavailable: nobody listens now.
Result<int> connect(const QString &directory);

enum class Life {
    Dead,
    Alive,
    Unknown, ///< this process has no descriptor left to look
};
/// Whether a daemon holds the claim of `directory`.
Life lifeOf(const QString &directory);

/// Daemons of this directory as seen in /proc (by their exact command line).
QList<pid_t> find(const QString &directory);

/// The end of what the daemon of this directory wrote to its standard error, one line of printable ASCII, at most 400
/// characters; empty when there is nothing. For the master's log only: a step of the same user can write there, too.
QString lastWords(const QString &directory);

/// danube-sandbox of this job's folder, all of its processes.
QList<pid_t> findSandboxes(const QString &jobFolder);

} // namespace agentprocess

/// Processes whose environment carries the job's marker: for what outlived an agent outside a PID namespace.
QList<pid_t> findByMarker(const QString &marker);

} // namespace danube::local
