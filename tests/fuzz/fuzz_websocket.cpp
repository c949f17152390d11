// SPDX-License-Identifier: GPL-3.0-or-later
// A hostile server's bytes: as the answer to the handshake, and as frames. The first byte says where they are cut; what
// is told must not depend on that.
#include "server/kube/websocketcodec.h"

#include <cstdlib>

using namespace danube;
using namespace danube::kube;

namespace {

struct Told
{
    QByteArray log;
    bool isGood = true;
    bool operator==(const Told &) const = default;
};

Told shake(QByteArrayView first, QByteArrayView second)
{
    WebSocketHandshake handshake(
        {.target = "/", .host = "h", .headers = {}, .subprotocols = "v5.channel.k8s.io", .key = "the sample nonce"});
    auto fed = handshake.feed(first);
    if (fed && !*fed)
        fed = handshake.feed(second, true);
    if (!fed)
        return {{}, false};
    if (const auto *refused = std::get_if<UpgradeRefused>(&**fed)) {
        if (refused->body.size() > (64 << 10))
            abort();
        return {QByteArray::number(refused->httpCode) + refused->retryAfter, true};
    }
    return {std::get<Upgraded>(**fed).subprotocol, true};
}

Told read(QByteArrayView first, QByteArrayView second)
{
    Told told;
    bool isOpen = false;
    FrameReader reader({
        .message =
            [&](QByteArrayView piece, bool isFirst, bool isLast) {
                if (isFirst == isOpen)
                    abort(); // a message begins once, and ends before the next
                isOpen = !isLast;
                told.log += piece;
                if (isLast)
                    told.log += "|\n";
            },
        .ping = [&](const QByteArray &payload) { told.log += "ping" + payload; },
        .pong = [&](const QByteArray &payload) { told.log += "pong" + payload; },
        .close = [&](quint16 code, const QByteArray &reason) { told.log += QByteArray::number(code) + reason; },
    });
    told.isGood = reader.feed(first) && reader.feed(second);
    return told;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const qsizetype cut = bytes.size() * data[0] / 255;
    if (read(bytes, {}) != read(bytes.first(cut), bytes.sliced(cut)))
        abort();
    (void)shake(bytes.first(cut), bytes.sliced(cut));
    const QByteArray frame = makeChannelFrame(1, bytes);
    if (frame.size() < bytes.size() + 7)
        abort();
    return 0;
}
