// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/git/gitrunner.h"

namespace danube::source {

/// Keeps one bare mirror fit for work over years: what a killed git left is removed before the next one writes, and
/// garbage is collected now and then, beside the fetches and in no job's time. Same thread as the runner.
class Upkeep : public QObject
{
    Q_OBJECT
public:
    explicit Upkeep(git::Runner &runner) : m_git(runner) {}

    /// Before a git that writes to the mirror, while no other one does.
    void beforeWriting(const QString &directory);
    /// After each git that wrote.
    void afterWriting(const Result<git::Finished> &finished);
    /// After a fetch that succeeded. `command` says where, with what limits and in what words; arguments and time are
    /// set here.
    void fetched(git::Command command);

private:
    git::Runner &m_git;
    bool m_mayHaveLeftovers = true; ///< of a git that a former master had
    bool m_isCollecting = false;
    quint64 m_fetches = 0;
};

} // namespace danube::source
