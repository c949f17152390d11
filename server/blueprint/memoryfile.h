// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <memory>

namespace danube::blueprint {

/// Bytes that a child process reads by a path and that never touch a disk (memfd_create), as long as the object lives.
/// For this user only (0600).
class MemoryFile
{
public:
    static Result<std::shared_ptr<const MemoryFile>> make(const QByteArray &bytes);
    ~MemoryFile();
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    QString path() const; ///< "/proc/<pid>/fd/<number>"

private:
    explicit MemoryFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace danube::blueprint
