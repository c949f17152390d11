// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/digest.h"

#include <openssl/evp.h>

#include <array>

namespace danube::artifacts {

void Digest::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest() : m_context(EVP_MD_CTX_new())
{
    if (!m_context || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1)
        qFatal("SHA-256 is not available");
}

void Digest::add(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_context.get(), bytes.data(), static_cast<size_t>(bytes.size()));
}

QByteArray Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_context.get(), digest.data(), &size);
    return QByteArray(reinterpret_cast<const char *>(digest.data()), static_cast<qsizetype>(size)).toHex();
}

} // namespace danube::artifacts
