// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logstore.h"

#include "shared/core/bytecount.h"
#include "shared/core/id.h"

namespace danube::console {

/// The folder that mirrors logs of masters: <directory>/<master>/<job>.log. Old ones go when it grows too large.
class LogCache
{
public:
    LogCache(QString directory, ByteCount limit) : m_directory(std::move(directory)), m_limit(limit) {}

    /// The cache of one job's log. When another window has it open, a private one that ends with it. `master` is any
    /// text that names the master, such as its URL.
    Result<std::unique_ptr<LogStore>> open(const QString &master, const JobId &job) const;
    /// Where the marks of a log are kept: beside the log, but not thrown away with it.
    QString marksOf(const QString &master, const JobId &job) const;
    QString marksOfFile(const QString &path) const; ///< of a local file, by its absolute path
    /// Deletes the logs not used for the longest time until the rest fits the limit. Open ones are left alone.
    void prune() const;
    void clear() const; ///< all but open ones

private:
    QString folderOf(const QString &name) const;
    QString m_directory;
    ByteCount m_limit;
};

} // namespace danube::console
