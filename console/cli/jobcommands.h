// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"

namespace danube::cli {

/// jobs: one page, or with --all page after page.
class JobsCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void fetchPage();
    void takePage(const Result<api::Answer> &answer);

    protocol::JobQuery m_query;
    QList<Job> m_jobs;
    bool m_wantsAll = false;
};

/// job JOB
class JobCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;
};

/// cancel JOB
class CancelCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;
};

/// What the options of `jobs` ask for; InvalidArgument names the option.
Result<protocol::JobQuery> jobQueryOf(const Options &options, WallTime now);
/// "30m", "2h", "7d", "45s" before `now`, or an RFC 3339 time.
Result<WallTime> sinceOf(const QString &text, WallTime now);

} // namespace danube::cli
