// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/sha256.h"

#include <openssl/evp.h>

#include <array>

namespace danube {

struct Sha256::Context
{
    struct Free
    {
        void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> digest{EVP_MD_CTX_new()};
};

Sha256::Sha256() : m_context(std::make_unique<Context>())
{
    EVP_DigestInit_ex2(m_context->digest.get(), EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::add(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_context->digest.get(), bytes.data(), static_cast<size_t>(bytes.size()));
}

QByteArray Sha256::finishHex()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_context->digest.get(), sum.data(), &length);
    EVP_DigestInit_ex2(m_context->digest.get(), EVP_sha256(), nullptr);
    return QByteArray(reinterpret_cast<const char *>(sum.data()), static_cast<qsizetype>(length)).toHex();
}

} // namespace danube
