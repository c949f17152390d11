// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/h2session.h"

using namespace danube::coordinator;

/// A hostile master's bytes against a session with a plain call and a long upload open.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    H2Session session;
    H2Request get;
    get.method = "GET";
    get.authority = "h:1";
    get.path = "/rpc/source";
    session.submit(std::move(get));
    H2Request post;
    post.method = "POST";
    post.authority = "h:1";
    post.path = "/rpc/upload-artifact";
    post.contentType = "application/octet-stream";
    post.contentLength = 1 << 20;
    post.body = [left = qint64(1 << 20)](std::span<char> target) mutable {
        const auto count = std::min<qint64>(left, std::ssize(target));
        std::fill_n(target.data(), count, 'x');
        left -= count;
        return count;
    };
    const auto upload = session.submit(std::move(post));
    (void)session.takeOutput(1 << 16);
    const auto half = static_cast<qsizetype>(size / 2);
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    for (const auto part : {bytes.first(half), bytes.sliced(half)}) {
        if (!session.feed(part))
            return 0;
        (void)session.takeEvents();
        session.cancel(upload);
        session.ping();
        if (!session.takeOutput(1 << 20))
            return 0;
    }
    return 0;
}
