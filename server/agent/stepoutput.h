// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/eventloop.h"
#include "server/agent/spool.h"

namespace danube::agent {

/// Reads a step's two pipes into its spool. When the spool is full or its disk refuses, the pipes are left alone, and
/// so the step blocks; nothing that was read is ever dropped.
class StepOutput
{
public:
    StepOutput(EventLoop &loop, Spool &spool, Descriptor standardOutput, Descriptor standardError);
    ~StepOutput();
    StepOutput(const StepOutput &) = delete;
    StepOutput &operator=(const StepOutput &) = delete;

    /// Both pipes are closed by everybody, and all bytes are in the spool.
    bool isComplete() const;
    /// Waits for acknowledgements or for the disk.
    bool isBlocked() const;
    /// Text of the disk's refusal, once per episode; empty otherwise.
    std::string takeTrouble() { return std::exchange(m_newTrouble, {}); }
    /// Reads on where the spool has room again.
    void unblock();
    /// The main process ended: no more waiting for larger reads.
    void hurry();
    /// Every process of the step is gone: what the pipes hold now is all there will be.
    void expectEnd();
    /// Adds a line of the agent's own to stderr.
    void appendMessage(const std::string &line);

    SteadyMs deadline() const;
    void onTime(SteadyMs now);

private:
    enum class State { Waiting, Resting, Blocked, Closed };
    struct Pipe final : EventSource
    {
        void onReady(std::uint32_t) override { owner->readFrom(*this); }
        StepOutput *owner = nullptr;
        StreamId stream = StreamId::Stdout;
        Descriptor fd;
        State state = State::Closed;
        SteadyMs lastReadAt = 0;
        SteadyMs restUntil = never;
        Bytes pending;         ///< read, but refused by the spool's disk
        ssize_t leftAtEnd = 0; ///< what may still be read after expectEnd()
    };
    void open(Pipe &pipe, StreamId stream, Descriptor fd);
    void readFrom(Pipe &pipe);
    void onData(Pipe &pipe, ByteView data);
    void onNothing(Pipe &pipe);
    void waitFor(Pipe &pipe);
    void goOn(Pipe &pipe);
    void close(Pipe &pipe);
    bool store(Pipe &pipe, ByteView data);
    void retry(Pipe &pipe);

    EventLoop &m_loop;
    Spool &m_spool;
    std::array<Pipe, 2> m_pipes;
    bool m_isHurried = false;
    bool m_isEndExpected = false;
    bool m_isInTrouble = false;
    SteadyMs m_retryAt = never;
    std::string m_newTrouble;
};

} // namespace danube::agent
