// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logformat.h"

namespace danube::logs {

/// The records of an open index file, read where they lie. Only the first count() ones exist for it.
class IndexView
{
public:
    IndexView(int file, QString path) : m_file(file), m_path(std::move(path)) {}

    /// How many whole records the file has room for. Ask before the log's own size: the writer goes on meanwhile, log
    /// first.
    Result<qint64> recordsInFile() const;
    /// Looks again: the header, and how many of the first `records` are whole with their bytes below `logSize`.
    Result<void> refresh(qint64 records, qint64 logSize);
    quint32 generation() const { return m_generation; }
    qint64 count() const { return m_count; }
    qint64 end() const { return m_end; } ///< of the last record, in the log

    Result<IndexRecord> at(qint64 position) const;
    /// Up to `count` records from `position` on, checked to follow each other.
    Result<QList<IndexRecord>> block(qint64 position, qint64 count) const;
    /// Position of the first record that ends after `offset`; count() when there is none.
    Result<qint64> find(qint64 offset) const;

private:
    int m_file;
    QString m_path;
    quint32 m_generation = 1;
    qint64 m_count = 0;
    qint64 m_end = 0;
};

} // namespace danube::logs
