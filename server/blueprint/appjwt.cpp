// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/appjwt.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr auto base64Form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
constexpr seconds clockSkew{60};
constexpr seconds lifetime{540};
constexpr int leastBits = 2048;

struct Free
{
    void operator()(BIO *bio) const { BIO_free_all(bio); }
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
template <class T> using Owned = std::unique_ptr<T, Free>;

/// OpenSSL would ask at the terminal.
int noPassword(char * /*buffer*/, int /*size*/, int /*forWriting*/, void * /*data*/)
{
    return 0;
}

Owned<EVP_PKEY> readKey(const QByteArray &pem)
{
    const Owned<BIO> bio(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
    Owned<EVP_PKEY> key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassword, nullptr) : nullptr);
    ERR_clear_error();
    const bool fits = key && EVP_PKEY_is_a(key.get(), "RSA") == 1 && EVP_PKEY_get_bits(key.get()) >= leastBits;
    return fits ? std::move(key) : nullptr;
}

QByteArray sign(EVP_PKEY *key, const QByteArray &text)
{
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    QByteArray signature(EVP_PKEY_get_size(key), Qt::Uninitialized);
    auto size = static_cast<size_t>(signature.size());
    const bool isSigned = context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                          EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                                         reinterpret_cast<const unsigned char *>(text.constData()),
                                         static_cast<size_t>(text.size())) == 1;
    ERR_clear_error();
    return isSigned ? signature.first(static_cast<qsizetype>(size)) : QByteArray();
}

} // namespace

Result<Secret> makeAppJwt(qint64 appId, const Secret &privateKey, WallTime now)
{
    const auto key = readKey(privateKey.reveal());
    if (!key)
        return fail(
            ErrorCode::InvalidArgument,
            u"expected the app's private key: RSA of at least %1 bits, as PEM without a password"_s.arg(leastBits));
    const auto at = std::chrono::floor<seconds>(now).time_since_epoch();
    const QByteArray claims = "{\"iat\":" + QByteArray::number(qint64((at - clockSkew).count())) +
                              ",\"exp\":" + QByteArray::number(qint64((at + lifetime).count())) + ",\"iss\":\"" +
                              QByteArray::number(appId) + "\"}";
    const QByteArray text =
        QByteArray(R"({"alg":"RS256","typ":"JWT"})").toBase64(base64Form) + '.' + claims.toBase64(base64Form);
    const QByteArray signature = sign(key.get(), text);
    if (signature.isEmpty())
        return fail(ErrorCode::Internal, u"the app's private key does not sign"_s);
    return Secret(text + '.' + signature.toBase64(base64Form));
}

} // namespace danube::blueprint
