// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/pipepool.h"

#include <array>

#include <fcntl.h>

namespace danube::guard {

Pipe PipePool::take()
{
    if (!m_idle.empty()) {
        Pipe pipe = std::move(m_idle.back());
        m_idle.pop_back();
        ++m_lent;
        return pipe;
    }
    std::array<int, 2> ends{};
    if (m_lent >= limit || pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) < 0)
        return {};
    ++m_lent;
    Pipe pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1]), 0};
    fcntl(ends[1], F_SETPIPE_SZ, bytes); // refused: it keeps the size that it has
    pipe.size = static_cast<size_t>(fcntl(ends[1], F_GETPIPE_SZ));
    return pipe;
}

void PipePool::giveBack(Pipe pipe)
{
    --m_lent;
    m_idle.push_back(std::move(pipe));
}

void PipePool::forget(Pipe pipe)
{
    --m_lent;
    pipe = {};
}

} // namespace danube::guard
