// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <cstdint>
#include <memory>

namespace danube::console {

/// A read-only mapping of the start of a file. It may reach beyond the file's end, so that a growing file needs a new
/// mapping only now and then; only bytes that exist may be read. Should the file be cut while it is mapped, the lost
/// pages read as zeros instead of ending the program.
class MappedBytes
{
public:
    static Result<std::shared_ptr<const MappedBytes>> map(int descriptor, int64_t length, const QString &name);
    ~MappedBytes();
    MappedBytes(const MappedBytes &) = delete;
    MappedBytes &operator=(const MappedBytes &) = delete;
    const char *data() const { return m_data; }
    int64_t length() const { return m_length; }

private:
    MappedBytes(const char *data, int64_t length) : m_data(data), m_length(length) {}
    const char *m_data;
    int64_t m_length;
};

} // namespace danube::console
