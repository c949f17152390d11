// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

namespace danube {

/// SHA-256 of a stream, by OpenSSL (five times faster than QCryptographicHash).
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void add(QByteArrayView bytes);
    QByteArray finishHex(); ///< 64 lower-case hex digits of what was added; starts over

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

} // namespace danube
