// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"
#include "shared/api/download.h"

namespace danube::cli {

/// artifacts JOB: lists, or downloads one after the other.
class ArtifactsCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void takeList(const Result<api::Answer> &answer);
    Result<QList<Artifact>> chosen(const QList<Artifact> &artifacts) const;
    void downloadNext();
    void takeDownload(const Artifact &artifact, const QString &target, const Result<void> &result);

    QList<Artifact> m_waiting;
};

} // namespace danube::cli
