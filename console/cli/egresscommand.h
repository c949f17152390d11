// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"
#include "console/cli/egressfiles.h"
#include "shared/egress/explain.h"

namespace danube::cli {

/// egress lint|compile|test FILE…: works on files, without a master. Exit code 1 when a list has errors or a tested
/// host is refused.
class EgressCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    Result<ExitCode> run();
    ExitCode lint(const EgressLists &lists, const egress::PolicySettings &settings);
    Result<ExitCode> compile(const EgressLists &lists, const egress::PolicySettings &settings);
    Result<ExitCode> test(const EgressLists &lists, const egress::PolicySettings &settings);
};

} // namespace danube::cli
