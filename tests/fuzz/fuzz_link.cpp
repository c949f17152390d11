// SPDX-License-Identifier: GPL-3.0-or-later
// Both directions of the link. The raw bytes meet both ends before their handshake; then the same bytes, cut into
// frames and sealed with the right keys, meet both ends after it, so that the fuzzer gets behind the MACs.
#include "server/agent/agentlink.h"
#include "server/executors/link/linkclient.h"

using namespace danube;

namespace {

struct Pair
{
    agent::ContainerKey container;
    agent::AgentLink agentEnd{container, {1}, {2}};
    link::LinkClient client{Secret(QByteArray(32, 'k')), link::KeyHandover::Allowed, QByteArray(16, 'n')};
    std::vector<agent::Command> commands;

    QByteArray fromAgent()
    {
        const agent::ByteView bytes = agentEnd.output();
        const QByteArray copy(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        agentEnd.consume(bytes.size());
        return copy;
    }
    void connect()
    {
        client.feed(fromAgent());
        const QByteArray answer = client.takeOutput();
        agentEnd.feed(
            {reinterpret_cast<const std::uint8_t *>(answer.constData()), static_cast<std::size_t>(answer.size())},
            commands);
        agentEnd.send(agent::Ready{});
        client.feed(fromAgent());
        client.resume(StepNumber(1), {{2, 0}, 100});
        client.resume(StepNumber(2), {});
        client.takeOutput();
    }
};

// What a peer with the key would send.
agent::HmacKey framesKey(bool ofMaster)
{
    const std::string key(32, 'k');
    agent::Nonce nonce{};
    nonce.fill('n');
    const agent::LinkTranscript transcript({agent::linkVersion, {1}, {2}, true}, nonce);
    const agent::HmacKey container(agent::viewOf(key));
    return ofMaster ? transcript.masterFramesKey(container) : transcript.agentFramesKey(container);
}

agent::Bytes sealAll(agent::ByteView data, agent::FrameSeal seal)
{
    agent::Bytes out;
    agent::ByteReader in(data);
    while (in.isGood() && !in.rest().empty()) {
        const auto type = static_cast<agent::FrameType>(in.u8());
        const agent::ByteView payload = in.raw(std::min<std::size_t>(in.u16(), in.rest().size()));
        agent::appendFrame(out, type, payload, seal.next(type, agent::coveredPart(type, payload)));
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView raw(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    Pair fresh;
    fresh.client.feed(raw);
    fresh.agentEnd.feed({data, size}, fresh.commands);
    Pair up;
    up.connect();
    agent::FrameSeal fromAgent(framesKey(false));
    fromAgent.next(agent::FrameType::Ready, {}); // READY was the first
    const agent::Bytes notices = sealAll({data, size}, fromAgent);
    up.client.feed(
        QByteArrayView(reinterpret_cast<const char *>(notices.data()), static_cast<qsizetype>(notices.size())));
    up.agentEnd.feed(sealAll({data, size}, agent::FrameSeal(framesKey(true))), up.commands);
    return 0;
}
