// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/blueprintfiles.h"
#include "console/cli/command.h"

namespace danube::cli {

/// blueprint validate|status|sync|plan|apply [DIR] (drift and edit are commands of their own). validate works without a
/// master. Exit code 1 when the files, or the master's present commit, are refused.
class BlueprintCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    Result<void> begin();
    void validate(const blueprint::Files &files);
    void show(protocol::RouteId route);
    void compare(const blueprint::Files &wanted, protocol::RouteId route);
    void takePresent(const QJsonObject &present, const blueprint::Files &wanted, protocol::RouteId route);
    void waitForPolicies(const QString &commit);
    void printPlan(const QJsonObject &plan);
    void printFindings(const QList<blueprint::Finding> &findings);
};

} // namespace danube::cli
