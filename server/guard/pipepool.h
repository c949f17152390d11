// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/filedescriptor.h"

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
    static constexpr size_t limit = 48;
    static constexpr int bytes = 512 << 10;

    /// Without descriptors when all are lent: then bytes are copied.
    Pipe take();
    void giveBack(Pipe pipe); ///< empty
    /// One that still holds bytes: it is closed.
    void forget(Pipe pipe);

private:
    std::vector<Pipe> m_idle;
    size_t m_lent = 0;
};

} // namespace danube::guard
