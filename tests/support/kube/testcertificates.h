// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

namespace danube::tests {

/// A certificate and its key as PEM.
struct TestIdentity
{
    QByteArray certificate;
    QByteArray key;
};

/// A certificate authority made for one test, with EC keys (a millisecond each).
class TestAuthority
{
public:
    explicit TestAuthority(const char *name = "danube test authority");
    ~TestAuthority();
    TestAuthority(const TestAuthority &) = delete;
    TestAuthority &operator=(const TestAuthority &) = delete;

    enum class Validity { Now, Expired };
    QByteArray certificate() const;
    /// `names`: of the subjectAltName extension, as OpenSSL writes it: "IP:127.0.0.1,DNS:localhost".
    TestIdentity issue(const char *names, Validity validity = Validity::Now) const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace danube::tests
