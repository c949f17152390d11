// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logreader.h"

#include <QObject>

namespace danube::jobs {

/// Reads what a finished step printed to stdout, masked, from its job's log, at most `limit` bytes. The file is read on
/// a thread of the global pool; `done` runs in the context's thread, not at all when the context is gone.
void readCaptured(const QString &logDirectory, const JobId &job, StepNumber step, qint64 limit, QObject *context,
                  std::move_only_function<void(Result<logs::LogReader::Extract>)> done);

} // namespace danube::jobs
