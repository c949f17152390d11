// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace danube {

/// Bytes that are never logged or streamed: no text conversion but reveal(), wiped on destruction. Move-only, so that
/// a copy is always a visible clone().
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray value) : m_value(std::move(value)) {}
    Secret(Secret &&other) noexcept : m_value(std::exchange(other.m_value, {})) {}
    Secret &operator=(Secret &&other) noexcept;
    Secret(const Secret &) = delete;
    Secret &operator=(const Secret &) = delete;
    ~Secret() { wipe(); }

    const QByteArray &reveal() const { return m_value; }
    bool isEmpty() const { return m_value.isEmpty(); }
    [[nodiscard]] Secret clone() const { return Secret(QByteArray(m_value.constData(), m_value.size())); }

private:
    void wipe();
    QByteArray m_value;
};

/// Compares without an early exit; lengths may leak, contents do not.
bool equalsConstantTime(QByteArrayView left, QByteArrayView right);

} // namespace danube
