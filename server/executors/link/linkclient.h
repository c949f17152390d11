// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/exitrecord.h"
#include "server/agent/linkmessages.h"
#include "server/executors/link/linkevents.h"
#include "shared/core/secret.h"

#include <deque>

namespace danube::link {

/// Whether the container key may be handed to an agent that says it has none. Allowed only while no step was ever
/// started on this agent (by the store, not by memory): later, such a HELLO comes from a restarted agent or from a step
/// that plays one, and the key must not go to it.
enum class KeyHandover { Forbidden, Allowed };

/// The master's end of one link to a danube-agent, sans I/O: feed() what the transport read, write takeOutput() to it.
/// One object per connection; for the next one make a new object and resume() each step from its durable offsets.
///
/// Order: HELLO, proofs → Ready → commands. Every frame's session MAC, the chain value of every output frame and the
/// exit record's MAC, byte counts and final chain value are checked here; what does not hold is LinkBroken, never an
/// event. So StepExited comes only after all output it counts was given out as StepOutput.
/// Timers are the caller's: ping() every agent::pingIntervalSeconds; drop the connection when nothing was read for
/// agent::silenceLimitSeconds, or when Ready does not come within some seconds.
/// Threads: none of its own; use it in one thread.
class LinkClient
{
public:
    /// `key`: the container key, 32 bytes, stored durably before. `nonce`: 16 random bytes; empty = made here.
    LinkClient(const Secret &key, KeyHandover handover, const QByteArray &nonce = {});

    /// What the transport read. After LinkBroken nothing comes any more.
    QList<LinkEvent> feed(QByteArrayView bytes);
    /// The bytes to write; empties the buffer.
    QByteArray takeOutput();
    /// Ready was given out and the link is not broken. Commands at other times are ignored.
    bool isUp() const { return m_state == State::Up; }
    bool isBroken() const { return m_state == State::Broken; }

    /// Ensures that the step is started, never twice (the agent compares the spec), and streams from `from`. Answered
    /// by StepStarted or StepFailed. InvalidArgument: the spec does not fit a frame (1 MiB).
    Result<void> start(StepNumber step, const StepSpec &spec, const StreamPoint &from);
    /// Streams a step's output from absolute offsets; then StepExited. Needed once per link and step (start() does it).
    void resume(StepNumber step, const StreamPoint &from);
    /// Raw bytes before these offsets are durable; the agent frees its spool. Absolute, the largest wins.
    void acknowledge(StepNumber step, const StreamOffsets &durable);
    /// Absolute limit of what may be sent of this step, over both streams since its start. Overshoot: one frame.
    void credit(StepNumber step, quint64 limit);
    /// Ends the step's process tree: TERM, `grace`, KILL. The outcome arrives by StepExited.
    void kill(StepNumber step, agent::KillCause cause, milliseconds grace);
    /// The exit record is durable at the master.
    void forget(StepNumber step);
    void ping(quint64 token = 0);
    /// Cancels all steps and ends the agent.
    void shutdown(milliseconds grace);

private:
    enum class State { AwaitHello, AwaitWelcome, AwaitReady, Up, Broken };
    struct StepStream
    {
        agent::HmacKey key;
        std::deque<agent::PerStream> asked; ///< offsets of RESUMEs and STARTs without an answer yet
        agent::PerStream next{};            ///< next byte to give out, per stream
        agent::ChainPosition position;
        bool isOpen = false; ///< between STREAM and EXITED
    };
    using Outcome = Result<void>;

    Outcome onFrame(const agent::RawFrame &frame, QList<LinkEvent> &events);
    Outcome onHello(const agent::RawFrame &frame);
    Outcome onWelcome(const agent::RawFrame &frame);
    Outcome onSealed(const agent::RawFrame &frame, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Ready &ready, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Started &started, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Stream &stream, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Jump &jump, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Output &output, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Exited &exited, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Failed &failed, QList<LinkEvent> &events);
    Outcome onNotice(const agent::Pong &pong, QList<LinkEvent> &events);
    Outcome setPosition(StepStream &stream, quint32 step, const agent::ChainPosition &position);
    Outcome checkEnd(const StepStream &stream, const agent::ExitRecord &record) const;
    StepStream &streamOf(quint32 step);
    template <class Message> void send(const Message &message);

    State m_state = State::AwaitHello;
    agent::HmacKey m_key;
    Secret m_keyToHandOver; ///< empty when forbidden, and after it was handed over
    agent::Nonce m_nonce{};
    agent::Hello m_hello;
    agent::Digest m_expectedProof{};
    agent::FrameSeal m_incoming;
    agent::FrameSeal m_outgoing;
    agent::FrameReader m_reader;
    agent::Bytes m_output;
    QHash<quint32, StepStream> m_streams;
};

/// Verifies a record found in DIR/steps/<n>/exit, for when the agent is dead. DataLoss: it is not this step's.
Result<agent::ExitRecord> readExitRecordFile(QByteArrayView bytes, const Secret &key, StepNumber step);

/// The outcome for people and store. A lost supervisor is Signalled 9: killed by its own step, never a success.
StepOutcome toOutcome(const agent::ExitRecord &record);

} // namespace danube::link
