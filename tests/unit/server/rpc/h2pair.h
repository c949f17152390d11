// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/h2session.h"
#include "tests/support/h2client.h"

#include <QTest>

namespace danube::tests {

constexpr SteadyTime h2Start{std::chrono::hours(1)};

inline QByteArray frame(char type, char flags, uint32_t stream, const QByteArray &payload)
{
    QByteArray bytes;
    const auto size = static_cast<uint32_t>(payload.size());
    for (const uint32_t byte : {size >> 16, size >> 8, size})
        bytes += static_cast<char>(byte & 0xff);
    bytes += type;
    bytes += flags;
    for (const uint32_t byte : {stream >> 24, stream >> 16, stream >> 8, stream})
        bytes += static_cast<char>(byte & 0xff);
    return bytes + payload;
}

/// Both ends, joined by hand; what the server said happened is kept.
struct Pair
{
    explicit Pair(const rpc::H2Limits &limits = {}) : server(limits) {}

    rpc::H2Session server;
    H2ClientSession client;
    std::vector<rpc::RequestStarted> started;
    std::map<rpc::StreamId, QByteArray> bodies;
    std::vector<rpc::StreamId> ended;
    std::vector<rpc::StreamId> closed;
    std::vector<rpc::Refusal> refused;
    bool consumes = true;

    void feedServer(QByteArrayView bytes, SteadyTime now = h2Start)
    {
        server.feed(bytes, now);
        noteEvents();
    }

    // Until neither has anything to say.
    void settle()
    {
        for (;;) {
            const QByteArray toServer = client.takeOutput();
            feedServer(toServer);
            QByteArray toClient;
            server.takeOutput(toClient, 1 << 20);
            noteEvents();
            client.feed(toClient);
            if (toServer.isEmpty() && toClient.isEmpty())
                return;
        }
    }

    void noteEvents()
    {
        for (rpc::H2Event &event : server.takeEvents()) {
            if (auto *request = std::get_if<rpc::RequestStarted>(&event))
                started.push_back(std::move(*request));
            else if (const auto *chunk = std::get_if<rpc::BodyChunk>(&event))
                note(*chunk);
            else if (const auto *end = std::get_if<rpc::RequestEnded>(&event))
                ended.push_back(end->stream);
            else if (const auto *refusal = std::get_if<rpc::PeerRefused>(&event))
                refused.push_back(refusal->why);
            else
                closed.push_back(std::get<rpc::StreamClosed>(event).stream);
        }
    }

    void note(const rpc::BodyChunk &chunk)
    {
        bodies[chunk.stream] += chunk.bytes;
        if (consumes)
            server.consume(chunk.stream, static_cast<size_t>(chunk.bytes.size()));
    }
};

/// A body without an end of its own.
class Counting final : public rpc::BodySource
{
public:
    bool read(std::span<char> into) override
    {
        std::ranges::fill(into, 'x');
        return true;
    }
};

} // namespace danube::tests
