// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>

#include <sys/types.h>

namespace danube {

/// The system calls that a durable write depends on, so that tests can let them fail. As in POSIX: -1 and errno.
class DiskCalls
{
public:
    virtual ~DiskCalls() = default;
    virtual ssize_t write(int file, const char *data, size_t size);
    virtual int sync(int file);          ///< fsync of a file
    virtual int syncDirectory(int file); ///< fsync of the directory it is in
    static DiskCalls &system();
};

/// Puts `bytes` in the place of the file, or makes it: mode 0600, all or nothing whenever the power goes, and durable
/// when this returns without an error. After an error the old file is there and nothing of the new one, but for the
/// last step: if the directory cannot be synced, a later reader finds the new file, or after a power cut either of
/// them. Goes through a symbolic link. ResourceExhausted for a full disk, else Io.
Result<void> replaceFile(const QString &path, QByteArrayView bytes, DiskCalls &calls = DiskCalls::system());

} // namespace danube
