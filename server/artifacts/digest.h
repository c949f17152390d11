// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

struct evp_md_ctx_st;

namespace danube::artifacts {

/// Running SHA-256 by EVP (QCryptographicHash takes five times as long).
class Digest
{
public:
    Digest();
    void add(QByteArrayView bytes);
    QByteArray finish(); ///< 64 lower-case hex digits; once

private:
    struct Free
    {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

} // namespace danube::artifacts
