// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"

namespace danube::cli {

/// health
class HealthCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void takeReadiness(const protocol::Health &health, const Result<protocol::Readiness> &readiness);
};

/// pipelines
class PipelinesCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;
};

/// retention
class RetentionCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;
};

/// version
class VersionCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;
};

} // namespace danube::cli
