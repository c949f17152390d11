// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/pipepool.h"

#include <algorithm>
#include <array>

#include <fcntl.h>

namespace danube::guard {
namespace {

Pipe makePipe()
{
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) < 0)
        return {};
    Pipe pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1]), 0};
    fcntl(ends[1], F_SETPIPE_SZ, PipePool::bytes); // refused: it keeps the size that it has
    const int size = fcntl(ends[1], F_GETPIPE_SZ);
    pipe.size = size < 0 ? 0 : static_cast<size_t>(size);
    return pipe.size < PipePool::fewestBytes ? Pipe() : std::move(pipe);
}

} // namespace

Pipe PipePool::take(Holder &holder)
{
    // The one that is asked takes itself out of the list.
    if (m_holders.size() >= m_limit)
        std::ranges::any_of(std::vector(m_holders), [](Holder *other) { return other->giveUpIdlePipe(); });
    if (m_holders.size() >= m_limit)
        return {};
    Pipe pipe;
    if (!m_idle.empty()) {
        pipe = std::move(m_idle.back());
        m_idle.pop_back();
    } else {
        pipe = makePipe();
    }
    if (pipe.read)
        m_holders.push_back(&holder);
    return pipe;
}

void PipePool::giveBack(Pipe pipe, const Holder &holder)
{
    std::erase(m_holders, &holder);
    m_idle.push_back(std::move(pipe));
}

void PipePool::forget(Pipe pipe, const Holder &holder)
{
    std::erase(m_holders, &holder);
    pipe = {};
}

} // namespace danube::guard
