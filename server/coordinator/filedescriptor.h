// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>

#include <unistd.h>

#include <utility>

namespace danube::coordinator {

/// Owns one descriptor.
class FileDescriptor
{
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    FileDescriptor(FileDescriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// openat2 that stays beneath `directory` and follows no symbolic link on the whole way, last part included. `path` is
/// relative. The error's message is errno's text in plain words ("is or passes through a symbolic link").
Result<FileDescriptor> openBeneath(int directory, const QByteArray &path, int flags, int mode = 0);
/// Opens a directory the caller trusts by its full path.
Result<FileDescriptor> openDirectory(const QString &path);

} // namespace danube::coordinator
