// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/secret.h"

#include <cstring>

namespace danube {

Secret &Secret::operator=(Secret &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_value = std::exchange(other.m_value, {});
    }
    return *this;
}

void Secret::wipe()
{
    // A shared buffer belongs to somebody else too; data() would copy it.
    if (m_value.isEmpty() || !m_value.isDetached())
        return;
    explicit_bzero(m_value.data(), static_cast<size_t>(m_value.size()));
}

bool equalsConstantTime(QByteArrayView left, QByteArrayView right)
{
    if (left.size() != right.size())
        return false;
    unsigned char difference = 0;
    for (qsizetype i = 0; i < left.size(); ++i)
        difference = static_cast<unsigned char>(difference | (left[i] ^ right[i]));
    return difference == 0;
}

} // namespace danube
