// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/byterange.h"
#include "server/http/exchange.h"

namespace danube::http {

/// Something of known size that may be asked for in part.
struct RangedContent
{
    QHttpHeaders headers; ///< of the whole
    QByteArray etag;      ///< quoted; empty = none
    qint64 size = 0;
    QString name; ///< for people: "the log"
};
using OpenRange =
    std::function<Result<std::unique_ptr<BodySource>>(ByteRange)>; ///< called for a range that is not empty

/// 200, 206, 304 or 416 by Range, If-Range and If-None-Match, or the error of opening.
void sendRanged(Exchange &exchange, RangedContent content, const OpenRange &open);

} // namespace danube::http
