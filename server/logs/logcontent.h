// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logformat.h"

namespace danube::logs {

/// The bytes of a masked log by their offsets, in whichever form they are on disk. What is open stays readable when the
/// form changes. One thread.
class LogContent
{
public:
    /// The plain file, else the compressed one; NotFound when there is neither.
    static Result<std::unique_ptr<LogContent>> open(const LogPaths &paths);
    virtual ~LogContent() = default;
    virtual Result<qint64> size() const = 0;
    /// Fewer than `size` bytes at the end only.
    virtual Result<qint64> readAt(qint64 offset, char *data, qint64 size) = 0;
};

} // namespace danube::logs
