// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace danube::http {

struct ByteRange
{
    qint64 first = 0;
    qint64 length = 0;
    bool operator==(const ByteRange &) const = default;
};

/// What a Range header asks of a body of `size` bytes (RFC 9110, 14).
struct RangeAnswer
{
    enum class Kind {
        Whole,         ///< no header, or one we may ignore: another unit, malformed, several ranges
        Part,          ///< 206
        Unsatisfiable, ///< 416
    };
    Kind kind = Kind::Whole;
    ByteRange range; ///< for Whole: everything
    bool operator==(const RangeAnswer &) const = default;
};

RangeAnswer answerRange(QByteArrayView header, qint64 size);

} // namespace danube::http
