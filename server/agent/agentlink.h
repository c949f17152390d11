// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/linkmessages.h"
#include "server/agent/secretpage.h"

namespace danube::agent {

/// The container key of this daemon: unset until the first link hands one over, then never changed.
using ContainerKey = SecretPage<HmacKey>;

/// The agent's end of one link, sans I/O: feed() what the peer sent, write output() to it.
class AgentLink
{
public:
    /// Puts HELLO into the output. `key` outlives the link, and is set by it if it is unset when a peer proves itself.
    AgentLink(ContainerKey &key, const BootId &bootId, const Nonce &nonce);

    /// Appends the commands found in `bytes`. False: the peer broke the protocol or could not prove itself; drop the
    /// connection, do what was appended before.
    bool feed(ByteView bytes, std::vector<Command> &commands);
    /// The peer proved itself and knows that we did.
    bool isUp() const { return m_state == State::Up; }

    /// Only while isUp().
    template <class Message> void send(const Message &message) { appendSealed(m_output, m_session->outgoing, message); }
    /// Only while isUp(). `frame` is one spool frame: header, chain value, data.
    void sendOutput(std::uint32_t step, ByteView frame);

    ByteView output() const { return ByteView(m_output).subspan(m_written); }
    /// The first `count` bytes of output() are written.
    void consume(std::size_t count);

private:
    enum class State { AwaitProof, Up, Broken };
    struct Session
    {
        FrameSeal incoming;
        FrameSeal outgoing;
    };
    bool handshake(const RawFrame &frame);
    bool prove(const Auth &auth);
    bool command(const RawFrame &frame, std::vector<Command> &commands);

    State m_state = State::AwaitProof;
    ContainerKey &m_key;
    ContainerKey m_offered; ///< from KEY, until AUTH shows that the master has it too
    Hello m_hello;
    SecretPage<Session> m_session;
    FrameReader m_reader;
    Bytes m_output;
    std::size_t m_written = 0;
};

} // namespace danube::agent
