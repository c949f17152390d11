// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logreader.h"

#include <QFile>

#include <optional>

namespace danube::http {

/// A response body pulled piece by piece as the client takes it. Control thread.
class BodySource
{
public:
    virtual ~BodySource() = default;
    /// Known before the first piece, or nullopt (then chunked).
    virtual std::optional<qint64> length() const = 0;
    /// At most `maxBytes`; empty = the end. After an error the connection is cut: the client misses the last chunk, or
    /// bytes of the length, or sees a reset.
    virtual Result<QByteArray> next(qint64 maxBytes) = 0;
};

/// `length` bytes of a file from `offset`.
std::unique_ptr<BodySource> fileBody(std::unique_ptr<QFile> file, qint64 offset, qint64 length);
/// `length` bytes of a masked log from `offset`.
std::unique_ptr<BodySource> logBody(std::unique_ptr<logs::LogReader> reader, qint64 offset, qint64 length);
/// Exactly what the selected step and stream printed up to the reader's present size.
std::unique_ptr<BodySource> logExtract(std::unique_ptr<logs::LogReader> reader, logs::LogSelection selection);

} // namespace danube::http
