// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logreader.h"

#include <QObject>

namespace danube::jobs {

struct CapturedStream
{
    QString logDirectory;
    JobId job;
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
};

/// Reads what a step printed, or what was noted of it, masked, from its job's log, at most `limit` bytes. The file is
/// read on a thread of the global pool; `done` runs in the context's thread, not at all when the context is gone.
void readCaptured(const CapturedStream &what, qint64 limit, QObject *context,
                  std::move_only_function<void(Result<logs::LogReader::Extract>)> done);

} // namespace danube::jobs
