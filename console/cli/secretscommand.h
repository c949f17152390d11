// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"

namespace danube::cli {

/// secrets [list | set NAME | delete NAME]. A value comes from standard input or a prompt and goes to the master,
/// nowhere else.
class SecretsCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void list();
    void set(const QString &name);
    void remove(const QString &name);
    api::Call callOf(protocol::RouteId route, const QString &name) const; ///< with --pipeline as its scope
    QString whose() const;                                                ///< "of pipeline x", "of every pipeline"
};

/// The master's answer as a table: never a value, there is none in it.
QString formatSecrets(const QJsonObject &answer, const Style &style);

} // namespace danube::cli
