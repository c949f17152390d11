// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/appendfile.h"

#include <cerrno>

namespace danube::tests {

/// A disk that interrupts, writes short, and fails by its script.
class BadDisk final : public logs::FileCalls
{
public:
    int room = 1 << 30; ///< bytes until ENOSPC
    int syncError = 0;  ///< errno of sync, 0 = none
    int writeError = 0; ///< errno of write
    int writesUntilError = 0;
    bool isJumpy = false; ///< every second call is interrupted, the others write at most 7 bytes

    ssize_t write(int file, const char *data, size_t size, off_t offset) override
    {
        ++m_calls;
        if (isJumpy && m_calls % 2 == 0)
            return failWith(EINTR);
        if (writeError != 0 && writesUntilError-- <= 0)
            return failWith(writeError);
        size = std::min(size, static_cast<size_t>(room));
        if (isJumpy)
            size = std::min<size_t>(size, 7);
        if (size == 0)
            return failWith(ENOSPC);
        room -= static_cast<int>(size);
        return FileCalls::write(file, data, size, offset);
    }
    int sync(int file) override
    {
        ++m_calls;
        if (isJumpy && m_calls % 2 == 0)
            return failWith(EINTR);
        return syncError == 0 ? FileCalls::sync(file) : failWith(syncError);
    }

private:
    static int failWith(int error)
    {
        errno = error;
        return -1;
    }
    int m_calls = 0;
};

} // namespace danube::tests
