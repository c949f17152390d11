// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/agentlink.h"

namespace danube::agent {

AgentLink::AgentLink(ContainerKey &key, const BootId &bootId, const Nonce &nonce) : m_key(key)
{
    m_hello = {linkVersion, bootId, nonce, !key};
    appendClear(m_output, m_hello);
}

bool AgentLink::feed(ByteView bytes, std::vector<Command> &commands)
{
    if (m_state == State::Broken)
        return false;
    m_reader.append(bytes);
    RawFrame frame;
    for (;;) {
        const auto status = m_reader.next(frame);
        if (status == FrameReader::Status::NeedMore)
            return true;
        const bool good =
            status == FrameReader::Status::Frame && (isUp() ? command(frame, commands) : handshake(frame));
        if (!good) {
            m_state = State::Broken;
            return false;
        }
    }
}

bool AgentLink::handshake(const RawFrame &frame)
{
    if (frame.type == FrameType::Key) {
        auto key = decodeKey(frame.body);
        // A key is taken only where HELLO asked for one, and once.
        if (!key || m_key || m_offered || !m_hello.fresh)
            return false;
        m_offered = ContainerKey(HmacKey(key->key));
        explicit_bzero(key->key.data(), key->key.size());
        m_reader.wipeConsumed();
        return true;
    }
    const auto auth = frame.type == FrameType::Auth ? decodeAuth(frame.body) : std::nullopt;
    return auth && prove(*auth);
}

bool AgentLink::prove(const Auth &auth)
{
    // Another link may have handed over a key since our HELLO; then only that one counts.
    const ContainerKey &key = m_key ? m_key : m_offered;
    if (!key)
        return false;
    const LinkTranscript transcript(m_hello, auth.nonce);
    if (!equalConstantTime(auth.proof, transcript.masterProof(*key)))
        return false;
    m_session = SecretPage<Session>(
        Session{FrameSeal(transcript.masterFramesKey(*key)), FrameSeal(transcript.agentFramesKey(*key))});
    appendClear(m_output, Welcome{transcript.agentProof(*key)});
    if (!m_key)
        m_key = std::move(m_offered);
    m_reader.setLimit(maxFrameSize);
    m_state = State::Up;
    return true;
}

bool AgentLink::command(const RawFrame &frame, std::vector<Command> &commands)
{
    if (frame.body.size() < sessionMacSize)
        return false;
    const ByteView payload = frame.body.first(frame.body.size() - sessionMacSize);
    const SessionMac expected = m_session->incoming.next(frame.type, coveredPart(frame.type, payload));
    if (!equalConstantTime(expected, frame.body.last(sessionMacSize)))
        return false;
    auto decoded = decodeCommand(frame.type, payload);
    if (!decoded)
        return false;
    commands.push_back(std::move(*decoded));
    return true;
}

void AgentLink::sendOutput(std::uint32_t step, ByteView frame)
{
    Bytes covered;
    ByteWriter head(covered);
    head.u32(step);
    head.raw(frame.first(frameOverhead));
    const SessionMac mac = m_session->outgoing.next(FrameType::Output, covered);
    ByteWriter out(m_output);
    out.u32(static_cast<std::uint32_t>(1 + 4 + frame.size() + mac.size()));
    out.u8(static_cast<std::uint8_t>(FrameType::Output));
    out.u32(step);
    out.raw(frame);
    out.raw(mac);
}

void AgentLink::consume(std::size_t count)
{
    m_written += count;
    if (m_written == m_output.size()) {
        m_output.clear();
        m_written = 0;
    } else if (m_written >= (512U << 10)) {
        m_output.erase(m_output.begin(), m_output.begin() + static_cast<std::ptrdiff_t>(m_written));
        m_written = 0;
    }
}

} // namespace danube::agent
