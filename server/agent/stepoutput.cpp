// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/stepoutput.h"

#include <fcntl.h>

#include <algorithm>

namespace danube::agent {
namespace {

// A busy stream that comes in small pieces is left to gather for a moment: one frame and one wake-up for many lines.
constexpr std::size_t smallRead = 16U << 10;
constexpr SteadyMs busyWithinMs = 1;
constexpr SteadyMs restMs = 2;
constexpr SteadyMs diskRetryMs = 500;

} // namespace

StepOutput::StepOutput(EventLoop &loop, Spool &spool, Descriptor standardOutput, Descriptor standardError)
    : m_loop(loop), m_spool(spool)
{
    open(m_pipes[0], StreamId::Stdout, std::move(standardOutput));
    open(m_pipes[1], StreamId::Stderr, std::move(standardError));
}

StepOutput::~StepOutput()
{
    for (Pipe &pipe : m_pipes)
        close(pipe);
}

void StepOutput::open(Pipe &pipe, StreamId stream, Descriptor fd)
{
    pipe.owner = this;
    pipe.stream = stream;
    pipe.fd = std::move(fd);
    pipe.state = State::Waiting;
    // One-shot: a pipe at rest or blocked must not wake the loop, and a hang-up cannot be masked.
    if (!m_loop.add(pipe.fd.get(), EPOLLIN | EPOLLONESHOT, pipe)) {
        pipe.state = State::Blocked;
        m_retryAt = steadyMs() + diskRetryMs;
    }
}

void StepOutput::close(Pipe &pipe)
{
    if (!pipe.fd.isOpen())
        return;
    m_loop.remove(pipe.fd.get(), pipe);
    pipe.fd.close();
    pipe.state = State::Closed;
    pipe.restUntil = never;
}

void StepOutput::waitFor(Pipe &pipe)
{
    pipe.state = State::Waiting;
    pipe.restUntil = never;
    m_loop.modify(pipe.fd.get(), EPOLLIN | EPOLLONESHOT, pipe);
}

void StepOutput::readFrom(Pipe &pipe)
{
    if (!pipe.fd.isOpen())
        return;
    if (!pipe.pending.empty() || !m_spool.hasRoom()) {
        pipe.state = State::Blocked;
        return;
    }
    static std::array<std::uint8_t, maxFrameData> buffer;
    const ssize_t count = read(pipe.fd.get(), buffer.data(), buffer.size());
    if (count > 0)
        onData(pipe, ByteView(buffer.data(), static_cast<std::size_t>(count)));
    if (count > 0 && m_isEndExpected)
        pipe.leftAtEnd -= count;
    const bool isOver =
        count > 0 ? m_isEndExpected && pipe.leftAtEnd <= 0 : count == 0 || (errno != EAGAIN && errno != EINTR);
    if (isOver)
        close(pipe);
    else if (count < 0)
        onNothing(pipe);
}

void StepOutput::onNothing(Pipe &pipe)
{
    if (m_isEndExpected && errno == EAGAIN)
        close(pipe); // somebody outside the step's tree holds the pipe; no byte of the step can follow
    else
        waitFor(pipe);
}

void StepOutput::onData(Pipe &pipe, ByteView data)
{
    const SteadyMs now = steadyMs();
    const bool isBusy = now - pipe.lastReadAt < busyWithinMs;
    pipe.lastReadAt = now;
    if (!store(pipe, data))
        return;
    if (isBusy && data.size() < smallRead && !m_isHurried) {
        pipe.state = State::Resting;
        pipe.restUntil = now + restMs;
        return;
    }
    waitFor(pipe);
}

bool StepOutput::store(Pipe &pipe, ByteView data)
{
    const auto stored = m_spool.append(pipe.stream, data, static_cast<std::uint64_t>(wallMs()));
    if (stored) {
        m_isInTrouble = false;
        return true;
    }
    pipe.pending.assign(data.begin(), data.end());
    pipe.state = State::Blocked;
    m_retryAt = steadyMs() + diskRetryMs;
    if (!m_isInTrouble)
        m_newTrouble = stored.error().text();
    m_isInTrouble = true;
    return false;
}

void StepOutput::retry(Pipe &pipe)
{
    if (!pipe.pending.empty()) {
        const Bytes data = std::exchange(pipe.pending, {});
        if (!store(pipe, data))
            return;
    }
    if (pipe.state == State::Blocked && m_spool.hasRoom())
        goOn(pipe);
}

void StepOutput::unblock()
{
    for (Pipe &pipe : m_pipes) {
        if (pipe.fd.isOpen() && pipe.state == State::Blocked && pipe.pending.empty() && m_spool.hasRoom())
            goOn(pipe);
    }
}

void StepOutput::hurry()
{
    m_isHurried = true;
    for (Pipe &pipe : m_pipes) {
        if (pipe.state == State::Resting)
            waitFor(pipe);
    }
}

void StepOutput::expectEnd()
{
    m_isEndExpected = true;
    hurry();
    for (Pipe &pipe : m_pipes) {
        // A stranger that got hold of the pipe may write for ever; what the step wrote is in it by now.
        pipe.leftAtEnd = std::max<ssize_t>(fcntl(pipe.fd.get(), F_GETPIPE_SZ), 0);
        if (pipe.fd.isOpen() && pipe.state != State::Blocked)
            goOn(pipe);
    }
}

void StepOutput::goOn(Pipe &pipe)
{
    waitFor(pipe);
    while (m_isEndExpected && pipe.fd.isOpen() && pipe.state != State::Blocked)
        readFrom(pipe);
}

void StepOutput::appendMessage(const std::string &line)
{
    Pipe &pipe = m_pipes[1];
    if (pipe.pending.empty())
        store(pipe, viewOf(line));
}

bool StepOutput::isComplete() const
{
    return std::ranges::all_of(m_pipes, [](const Pipe &pipe) { return !pipe.fd.isOpen() && pipe.pending.empty(); });
}

bool StepOutput::isBlocked() const
{
    return std::ranges::any_of(m_pipes,
                               [](const Pipe &pipe) { return pipe.state == State::Blocked || !pipe.pending.empty(); });
}

SteadyMs StepOutput::deadline() const
{
    return std::min({m_retryAt, m_pipes[0].restUntil, m_pipes[1].restUntil});
}

void StepOutput::onTime(SteadyMs now)
{
    for (Pipe &pipe : m_pipes) {
        if (pipe.restUntil <= now)
            waitFor(pipe);
    }
    if (m_retryAt > now)
        return;
    m_retryAt = never;
    for (Pipe &pipe : m_pipes)
        retry(pipe);
}

} // namespace danube::agent
