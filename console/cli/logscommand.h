// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"
#include "console/cli/follower.h"

namespace danube::cli {

/// logs JOB [-f]: for people on a terminal, exact bytes elsewhere.
class LogsCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    Result<Follower::Settings> settings() const;
    void takeResult(const Result<protocol::JobDetail> &detail);
};

} // namespace danube::cli
