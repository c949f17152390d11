// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/filedescriptor.h"

#include <cstddef>
#include <vector>

namespace danube::guard {

/// A pipe that splice(2) moves bytes through.
struct Pipe
{
    FileDescriptor read;
    FileDescriptor write;
    size_t size = 0;
};

/// Pipes lent to directions that move much at the moment. Few and large: the kernel accounts a user's pipes, and makes
/// them one page small beyond its limit (pipe(7), pipe-user-pages-soft).
class PipePool
{
public:
    static constexpr size_t usualLimit = 48;
    static constexpr int bytes = 1 << 20;           ///< what an unprivileged user may ask for
    static constexpr size_t fewestBytes = 64 << 10; ///< a smaller one is slower than copying

    /// Whoever has a pipe.
    class Holder
    {
    public:
        /// Gives the pipe back when it is empty; false: it is in use.
        virtual bool giveUpIdlePipe() = 0;

    protected:
        ~Holder() = default;
    };

    explicit PipePool(size_t limit = usualLimit) : m_limit(limit) {}
    /// Without descriptors when all are in use, or the kernel gives no large one: then bytes are copied.
    Pipe take(Holder &holder);
    void giveBack(Pipe pipe, const Holder &holder); ///< empty
    /// One that still holds bytes: it is closed.
    void forget(Pipe pipe, const Holder &holder);
    size_t lent() const { return m_holders.size(); }

private:
    const size_t m_limit;
    std::vector<Pipe> m_idle;
    std::vector<Holder *> m_holders;
};

} // namespace danube::guard
