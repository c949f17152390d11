// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/sealing.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

using namespace Qt::StringLiterals;

namespace danube::secrets {
namespace {

constexpr int nonceBytes = 12;
constexpr int tagBytes = 16;

struct FreeContext
{
    void operator()(EVP_CIPHER_CTX *context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char *in(const QByteArray &bytes, qsizetype at = 0)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData()) + at;
}

unsigned char *out(QByteArray &bytes, qsizetype at = 0)
{
    return reinterpret_cast<unsigned char *>(bytes.data()) + at;
}

std::unexpected<Error> broken()
{
    return fail(ErrorCode::Internal, u"seal a secret: the cipher failed"_s);
}

std::unexpected<Error> refused()
{
    return fail(ErrorCode::DataLoss, u"a secret cannot be opened: it was changed, or sealed with another key"_s);
}

} // namespace

Result<QByteArray> seal(const Secret &key, const QByteArray &associated, const Secret &value)
{
    const QByteArray &plain = value.reveal();
    const auto size = static_cast<int>(plain.size());
    QByteArray sealed(nonceBytes + plain.size() + tagBytes, Qt::Uninitialized);
    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    const bool isDone =
        context && RAND_bytes(out(sealed), nonceBytes) == 1 &&
        EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), in(key.reveal()), in(sealed), nullptr) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &written, in(associated), static_cast<int>(associated.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), out(sealed, nonceBytes), &written, in(plain), size) == 1 &&
        EVP_EncryptFinal_ex(context.get(), out(sealed, nonceBytes + written), &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tagBytes, out(sealed, nonceBytes + size)) == 1;
    return isDone ? Result<QByteArray>(std::move(sealed)) : broken();
}

Result<Secret> unseal(const Secret &key, const QByteArray &associated, const QByteArray &sealed)
{
    const qsizetype size = sealed.size() - nonceBytes - tagBytes;
    if (size < 0)
        return refused();
    QByteArray plain(size, Qt::Uninitialized);
    QByteArray tag = sealed.last(tagBytes);
    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    const bool isGenuine =
        context && EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), in(key.reveal()), in(sealed), nullptr) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &written, in(associated), static_cast<int>(associated.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), out(plain), &written, in(sealed, nonceBytes), static_cast<int>(size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tagBytes, out(tag)) == 1 &&
        EVP_DecryptFinal_ex(context.get(), out(plain, written), &written) == 1;
    Secret value(std::move(plain)); // wiped also when it is not given away
    return isGenuine ? Result<Secret>(std::move(value)) : refused();
}

} // namespace danube::secrets
