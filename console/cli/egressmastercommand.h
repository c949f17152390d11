// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"

namespace danube::cli {

/// egress status|denied|propose, and test and explain without files: what the master says. Exit code 1 when egress is
/// not enforced (status), something was denied, or a tested host is refused.
class EgressMasterCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

    /// Whether these words are for a master; the other actions work on files.
    static bool isFor(const Options &options);

private:
    using Show = ExitCode (EgressMasterCommand::*)(const QJsonObject &);
    void ask(const api::Call &call, Show show);
    /// Finds the job of the second argument, or takes --pipeline; and --since.
    void withScope(std::function<void(const QMap<QString, QString> &)> go);
    void test();
    ExitCode showStatus(const QJsonObject &status);
    ExitCode showDenied(const QJsonObject &denied);
    ExitCode showProposal(const QJsonObject &proposal);
    ExitCode showTest(const QJsonObject &answer);
    bool wantsPatch() const;
    bool isForAllPipelines() const;
    void proposeForAll();
    void proposeNext(QStringList names, const QString &since, const QList<QJsonObject> &proposals);
    void takeProposals(const QList<QJsonObject> &proposals);
    void makePatch(const QList<QJsonObject> &proposals);
    Result<ExitCode> useProposals(const QList<QJsonObject> &proposals, const QJsonObject &blueprint);
};

} // namespace danube::cli
