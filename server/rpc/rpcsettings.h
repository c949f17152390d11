// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/h2session.h"
#include "shared/core/bytecount.h"

#include <QHostAddress>

namespace danube::rpc {

struct RpcSettings
{
    QHostAddress address = QHostAddress::LocalHost;
    quint16 port = 9000; ///< 0 = any free one
    bool requireJobToken = true;
    H2Limits http2 = {};
    int maxConnections = 1024;          ///< more take a stranger's place (strangerTime), or wait in the kernel's queue
    int jobConnections = 64;            ///< of one job; it may have more as long as nobody else wants their places
    qint64 jsonLimit = 2 << 20;         ///< bytes of one JSON body; above: 413
    qint64 jsonInMemory = 128 << 20;    ///< of all JSON bodies being collected; above: 503 to the job that holds most
    qint64 answersInMemory = 128 << 20; ///< of all answers that are not taken yet; above: 503, or a reset, to that job
    qint64 uploadLimit = qint64(10) << 30; ///< bytes of one artifact; a declared length above it: 413
    int32_t uploadWindow = 8 << 20;        ///< bytes in flight per upload, less when there are many (uploadExtra)
    qint64 uploadMemory = 32 << 20;        ///< bytes in flight of all uploads, http2.streamWindow each; above: 503 to
                                           ///< the job that has most of them
    qint64 uploadExtra = 16 << 20;         ///< bytes in flight beyond that: who comes first gets more
    milliseconds tick{1'000};              ///< how often the times below are looked at
    milliseconds prefaceTimeout{10'000};
    milliseconds strangerTime{1'000};  ///< a connection's own, without a genuine token, while all are taken
    milliseconds bodySilence{60'000};  ///< of a peer that owes body bytes; then 408
    milliseconds writeSilence{60'000}; ///< of a peer that takes nothing: of an answer, then reset; of all, then closed
    milliseconds idleTimeout{300'000}; ///< without any call; 10 s while all connections are taken
    milliseconds pingInterval{15'000};
    milliseconds peerSilence{60'000}; ///< without a sign of life, pings included; then closed
};

} // namespace danube::rpc
