// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/testcertificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <QtGlobal>

namespace danube::tests {
namespace {

constexpr long day = 24L * 3600;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key makeKey()
{
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

template <class Write> QByteArray pem(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    if (write(memory.get()) != 1)
        qFatal("cannot write PEM");
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, size};
}

QByteArray pemOf(X509 *certificate)
{
    return pem([certificate](BIO *to) { return PEM_write_bio_X509(to, certificate); });
}

void addExtension(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    if (!extension)
        qFatal("cannot make extension %s", value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate blank(const char *name, EVP_PKEY *key, long fromNow, long untilNow)
{
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    quint64 serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), fromNow);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), untilNow);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(name), -1, -1, 0);
    X509_set_pubkey(made.get(), key);
    return made;
}

} // namespace

struct TestAuthority::Parts
{
    Key key = makeKey();
    Certificate certificate{nullptr, X509_free};
};

TestAuthority::TestAuthority(const char *name) : m_parts(std::make_unique<Parts>())
{
    m_parts->certificate = blank(name, m_parts->key.get(), -2 * day, 2 * day);
    X509 *own = m_parts->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    addExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(own, m_parts->key.get(), EVP_sha256());
}

TestAuthority::~TestAuthority() = default;

QByteArray TestAuthority::certificate() const
{
    return pemOf(m_parts->certificate.get());
}

TestIdentity TestAuthority::issue(const char *names, Validity validity) const
{
    const Key key = makeKey();
    const long until = validity == Validity::Expired ? -3600 : day;
    const Certificate made = blank("danube test", key.get(), -day, until);
    X509 *issuer = m_parts->certificate.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    addExtension(made.get(), issuer, NID_subject_alt_name, names);
    addExtension(made.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    X509_sign(made.get(), m_parts->key.get(), EVP_sha256());
    const auto writeKey = [&key](BIO *to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    };
    return {pemOf(made.get()), pem(writeKey)};
}

} // namespace danube::tests
