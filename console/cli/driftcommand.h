// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"

namespace danube::cli {

/// blueprint drift [--repair]: whether the policies in the cluster are as the Blueprint wants them. Exit 0: they are;
/// 2: somebody changed one, and which field; 1: they are not in force for another reason. --repair has the master put
/// them right and waits for it.
class DriftCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void show(const QJsonObject &policy);
    void repair();
    void showRepaired(const QJsonObject &policy, const QJsonArray &names);
    ExitCode report(const QJsonObject &policy, const QJsonArray &repaired = {});
};

} // namespace danube::cli
