// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"
#include "console/cli/follower.h"

namespace danube::cli {

/// run and retry: makes a job by one POST, and with --follow streams it to its end. Ctrl-C then cancels the job and
/// waits for its end; the second one leaves.
class FollowingCommand : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void interrupt() override;

protected:
    void makeJob(const api::Call &call);

private:
    void takeJob(const Result<api::Answer> &answer);
    void follow();
    void takeResult(const Result<protocol::JobDetail> &detail);
    void cancel();

    Job m_job;
    bool m_isCancelling = false;
};

class RunCommand final : public FollowingCommand
{
    Q_OBJECT
public:
    using FollowingCommand::FollowingCommand;
    void start() override;
};

class RetryCommand final : public FollowingCommand
{
    Q_OBJECT
public:
    using FollowingCommand::FollowingCommand;
    void start() override;
};

/// "--param k=v" values; InvalidArgument names the one without '=' or with an empty or repeated key.
Result<QMap<QString, QString>> paramsOf(const QStringList &values);

} // namespace danube::cli
