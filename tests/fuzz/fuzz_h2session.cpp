// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a peer sends: no crash, bounded output, and every byte given back. The first byte chooses how the server
// side behaves, so that answers, resets and late consumption meet half-parsed input too.
#include "server/rpc/h2session.h"

#include <cstdlib>

using namespace danube;
using namespace danube::rpc;

namespace {

constexpr char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

struct Owner
{
    H2Session session{H2Limits{.concurrentStreams = 8, .headerListSize = 4096}};
    uint8_t behaviour;
    qsizetype outputBytes = 0;

    void act(const H2Event &event)
    {
        if (const auto *request = std::get_if<RequestStarted>(&event); request && behaviour & 1)
            session.respond(request->stream, {.status = 401, .body = QByteArray(100, 'x')});
        if (const auto *chunk = std::get_if<BodyChunk>(&event); chunk && behaviour & 2)
            session.consume(chunk->stream, static_cast<size_t>(chunk->bytes.size()));
        if (const auto *end = std::get_if<RequestEnded>(&event))
            behaviour & 4 ? session.reset(end->stream, NGHTTP2_CANCEL) : session.respond(end->stream, {.body = "ok"});
    }

    void feed(QByteArrayView bytes)
    {
        session.feed(bytes, SteadyTime{std::chrono::hours(1)});
        for (const H2Event &event : session.takeEvents())
            act(event);
        QByteArray output;
        session.takeOutput(output, 1 << 20);
        outputBytes += output.size();
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    Owner owner{.behaviour = data[0]};
    if (owner.behaviour & 8)
        owner.feed(QByteArrayView(preface, sizeof preface - 1));
    QByteArrayView bytes(data + 1, static_cast<qsizetype>(size - 1));
    const auto cut = owner.behaviour & 16 ? bytes.size() / 2 : 0;
    owner.feed(bytes.first(cut));
    owner.feed(bytes.sliced(cut));
    // Answers are at most some hundred bytes for the nine bytes of a frame.
    if (owner.outputBytes > static_cast<qsizetype>(size) * 100 + 10'000)
        std::abort();
    return 0;
}
