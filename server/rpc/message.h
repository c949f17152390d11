// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace danube::rpc {

/// What the edge needs of a request's header list; everything else is dropped as it arrives.
struct RequestHead
{
    QByteArray method;
    QByteArray target;        ///< ":path", still encoded, with its query
    QByteArray authorization; ///< holds the token: never logged; null = none
    std::optional<qint64> contentLength;
    bool endsHere = false;  ///< no body follows
    bool oversized = false; ///< the header list was above the limit, so the fields are incomplete
};

/// A body pulled while the peer takes it, so that it is never in memory as a whole. Rpc thread.
class BodySource
{
public:
    virtual ~BodySource() = default;
    /// Fills all of `into` with the next bytes. False = cannot: the stream is reset, so that a cut body never looks
    /// whole.
    virtual bool read(std::span<char> into) = 0;
};

using Headers = std::vector<std::pair<QByteArray, QByteArray>>; ///< lower-case names

struct Response
{
    int status = 200;
    QByteArray contentType = QByteArrayLiteral("application/json");
    Headers headers = {}; ///< further ones
    QByteArray body = {}; ///< ignored when there is a source
    std::unique_ptr<BodySource> source = {};
    qint64 sourceSize = 0; ///< bytes the source gives: its content-length
};

} // namespace danube::rpc
