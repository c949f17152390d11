// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logwriter.h"

namespace danube::logs {

/// <job>.seal: {"size": …, "sha256": "…"}, written by rename when a log is finished; again, with "removed_at", before a
/// log is removed.
Result<void> writeSeal(const QString &directory, const JobId &job, const LogSeal &seal);
/// Nothing when the log is not sealed; DataLoss when the file is damaged.
Result<std::optional<LogSeal>> readSeal(const QString &directory, const JobId &job);

} // namespace danube::logs
