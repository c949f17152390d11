// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/pump.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>

namespace danube::guard {
namespace {

bool isWait(int error) // sockets that do not block are not interrupted
{
    return error == EAGAIN;
}

} // namespace

Pump::~Pump()
{
    if (m_pipe.read)
        m_pool.forget(std::move(m_pipe), *this);
}

bool Pump::giveUpIdlePipe()
{
    if (m_inPipe > 0)
        return false;
    releasePipe();
    return true;
}

void Pump::releasePipe()
{
    if (m_pipe.read)
        m_pool.giveBack(std::exchange(m_pipe, {}), *this);
}

Pump::State Pump::run(Side &from, Side &to)
{
    const uint64_t start = m_moved;
    const uint64_t until = start + budget;
    const bool wasReadable = from.isReadable;
    while (!m_isEnded) {
        Move move = Move::Done;
        if (!m_pending.empty())
            move = writePending(to);
        else if (m_inPipe > 0 && (m_isFilled || m_hasEnd || !from.isReadable))
            move = spliceOut(to);
        else if (m_hasEnd) {
            shutdown(to.descriptor, SHUT_WR);
            releasePipe();
            m_isEnded = true;
        } else if (!from.isReadable) {
            if (wasReadable && m_moved - start < m_scratch.size())
                releasePipe(); // little at a time now: copying is cheaper
            return State::Blocked;
        } else {
            move = m_pipe.read ? spliceIn(from) : read(from, to);
        }
        if (move == Move::Broken)
            return State::Broken;
        if (move == Move::Blocked)
            return State::Blocked;
        if (m_moved >= until)
            return State::Busy;
    }
    return State::Ended;
}

Pump::Move Pump::writePending(Side &to)
{
    if (!to.isWritable)
        return Move::Blocked;
    const ssize_t sent = send(to.descriptor, m_pending.data(), m_pending.size(), MSG_NOSIGNAL);
    if (sent < 0) {
        to.isWritable = !isWait(errno) && to.isWritable;
        return to.isWritable ? Move::Broken : Move::Blocked;
    }
    m_moved += static_cast<uint64_t>(sent);
    m_pending.erase(0, static_cast<size_t>(sent));
    if (m_pending.empty())
        m_pending = {}; // the memory too: most connections are idle most of the time
    return Move::Done;
}

Pump::Move Pump::read(Side &from, Side &to)
{
    const ssize_t got = recv(from.descriptor, m_scratch.data(), m_scratch.size(), 0);
    if (got <= 0) {
        m_hasEnd = got == 0;
        from.isReadable = got < 0 && !isWait(errno);
        return got == 0 || !from.isReadable ? Move::Done : Move::Broken;
    }
    std::string_view bytes(m_scratch.data(), static_cast<size_t>(got));
    std::string filtered;
    if (m_filter) {
        if (!m_filter(bytes, filtered))
            return Move::Broken;
        bytes = filtered;
    } else if (bytes.size() == m_scratch.size()) {
        m_pipe = m_pool.take(*this);
    }
    if (bytes.empty())
        return Move::Done;
    const ssize_t sent = to.isWritable ? send(to.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) : 0;
    if (sent < 0 && !isWait(errno))
        return Move::Broken;
    const auto done = static_cast<size_t>(sent < 0 ? 0 : sent);
    to.isWritable = to.isWritable && done == bytes.size();
    m_moved += done;
    m_pending.assign(bytes.substr(done));
    return Move::Done;
}

/// Again and again, until the source or the pipe has enough: pieces are large, and whoever reads them wakes up seldom.
Pump::Move Pump::spliceIn(Side &from)
{
    const ssize_t got = splice(from.descriptor, nullptr, m_pipe.write.get(), nullptr, m_pipe.size - m_inPipe,
                               SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (got > 0) {
        m_inPipe += static_cast<size_t>(got);
        m_isFilled = m_inPipe >= m_pipe.size;
        return Move::Done;
    }
    // Of a pipe that holds something, "again" may mean that it is full: the source says for itself when it is empty.
    m_isFilled = got < 0 && isWait(errno) && m_inPipe > 0;
    if (m_isFilled)
        return Move::Done;
    m_hasEnd = got == 0;
    from.isReadable = got < 0 && !isWait(errno);
    return got == 0 || !from.isReadable ? Move::Done : Move::Broken;
}

Pump::Move Pump::spliceOut(Side &to)
{
    if (!to.isWritable)
        return Move::Blocked;
    const ssize_t sent =
        splice(m_pipe.read.get(), nullptr, to.descriptor, nullptr, m_inPipe, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (sent <= 0) {
        to.isWritable = sent < 0 && !isWait(errno);
        return to.isWritable || sent == 0 ? Move::Broken : Move::Blocked;
    }
    m_inPipe -= static_cast<size_t>(sent);
    m_isFilled = m_inPipe > 0;
    m_moved += static_cast<uint64_t>(sent);
    return Move::Done;
}

} // namespace danube::guard
