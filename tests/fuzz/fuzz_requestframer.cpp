// SPDX-License-Identifier: GPL-3.0-or-later
// The framer must read the same requests whatever the pieces, within its limits, and nothing after a refusal.
#include "server/http/requestframer.h"

#include <cstdlib>

using namespace danube::http;

namespace {

constexpr FramerLimits limits{.targetBytes = 128, .headBytes = 1024, .headers = 10, .bodyBytes = 256};

struct Reading
{
    QList<QByteArray> requests;
    int refused = 0;
    bool operator==(const Reading &) const = default;
};

void check(bool holds)
{
    if (!holds)
        std::abort();
}

void note(Reading &reading, const FramedRequest &request)
{
    check(request.target.startsWith('/') && request.target.size() <= limits.targetBytes);
    check(request.body.size() <= limits.bodyBytes && request.headers.size() <= limits.headers);
    check(!(request.find("content-length") && request.find("transfer-encoding")));
    check(request.isHttp10 || request.find("host"));
    QByteArray text = danube::protocol::toText(request.method) + request.target + (request.keepAlive ? "+" : "-");
    for (const auto &header : request.headers) {
        check(!header.name.isEmpty() && !header.value.contains('\n') && !header.value.contains('\0'));
        text += header.name + ':' + header.value + '\n';
    }
    reading.requests.append(text + request.body);
}

Reading read(QByteArrayView bytes, qsizetype piece)
{
    RequestFramer framer(limits);
    Reading reading;
    while (!bytes.isEmpty()) {
        const auto part = bytes.first(std::min(piece, bytes.size()));
        const auto used = framer.feed(part);
        check(used > 0 && used <= part.size());
        bytes = bytes.sliced(used);
        framer.takeContinue();
        if (framer.state() == RequestFramer::State::Complete)
            note(reading, framer.take());
        if (framer.state() == RequestFramer::State::Refused) {
            reading.refused = framer.refusal().status;
            break;
        }
    }
    return reading;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const Reading whole = read(bytes, std::max<qsizetype>(bytes.size(), 1));
    check(read(bytes, 1) == whole);
    check(read(bytes, 7) == whole);
    return 0;
}
