// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/tlscontext.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <QDateTime>
#include <QHostAddress>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

/// Of TLS records read at once: fewer, larger reads of the socket.
constexpr size_t readAhead = 128 << 10;

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Memory memoryOf(const QByteArray &bytes)
{
    return {BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())), BIO_free};
}

/// All certificates of the PEM text; empty when there is none, or a broken one among them.
std::vector<Certificate> certificatesIn(const QByteArray &pem)
{
    std::vector<Certificate> certificates;
    const Memory memory = memoryOf(pem);
    while (X509 *each = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr))
        certificates.emplace_back(each, X509_free);
    const auto error = ERR_peek_last_error();
    ERR_clear_error();
    if (ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
        certificates.clear();
    return certificates;
}

int noPassphrase(char *, int, int, void *)
{
    return -1; // never ask at a terminal
}

bool trust(SSL_CTX *context, const ClusterAccess &access)
{
    if (access.caPem.isEmpty())
        return SSL_CTX_set_default_verify_paths(context) == 1;
    const auto authorities = certificatesIn(access.caPem);
    for (const Certificate &each : authorities)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get());
    return !authorities.empty();
}

bool identify(SSL_CTX *context, const ClusterAccess &access)
{
    const auto chain = certificatesIn(access.clientCertificate);
    const Memory memory = memoryOf(access.clientKey.reveal());
    const Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassphrase, nullptr), EVP_PKEY_free);
    if (chain.empty() || !key || SSL_CTX_use_certificate(context, chain.front().get()) != 1)
        return false;
    for (size_t i = 1; i < chain.size(); ++i)
        SSL_CTX_add1_chain_cert(context, chain[i].get());
    return SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

QString expiryOf(const SSL &session)
{
    const X509 *certificate = SSL_get0_peer_certificate(&session);
    tm time{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1)
        return u"an unknown day"_s;
    return QDateTime::fromSecsSinceEpoch(timegm(&time), QTimeZone::UTC).toString(Qt::ISODate);
}

} // namespace

Result<TlsContext> makeTlsContext(const ClusterAccess &access)
{
    TlsContext context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_default_read_buffer_len(context.get(), readAhead);
    static constexpr std::array<unsigned char, 9> http1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context.get(), http1.data(), http1.size());
    if (!trust(context.get(), access))
        return fail(ErrorCode::InvalidArgument, u"the cluster's certificate authority holds no PEM certificate"_s);
    if (!access.clientCertificate.isEmpty() && !identify(context.get(), access))
        return fail(ErrorCode::InvalidArgument,
                    u"the client certificate and its key cannot be read, or do not fit (PEM is expected)"_s);
    SSL_CTX_set_verify(context.get(), access.verifyPeer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    ERR_clear_error();
    return context;
}

TlsSession makeTlsSession(const TlsContext &context, const QString &name)
{
    TlsSession session(SSL_new(context.get()), SSL_free);
    X509_VERIFY_PARAM *verify = SSL_get0_param(session.get());
    X509_VERIFY_PARAM_set_flags(verify, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const QByteArray ascii = QUrl::toAce(name);
    const bool isAddress = !QHostAddress(name).isNull();
    const bool isNamed = isAddress ? X509_VERIFY_PARAM_set1_ip_asc(verify, name.toLatin1().constData()) == 1
                                   : !ascii.isEmpty() && SSL_set1_host(session.get(), ascii.constData()) == 1;
    if (!isNamed)
        return {nullptr, SSL_free}; // never a session that would take any name
    if (!isAddress)
        SSL_set_tlsext_host_name(session.get(), ascii.constData());
    SSL_set_connect_state(session.get());
    return session;
}

QString tlsFailure(const SSL &session)
{
    const auto error = ERR_peek_error();
    const int reason = ERR_GET_REASON(error);
    if (reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
        return u"it asks for a client certificate"_s;
    if (reason != SSL_R_CERTIFICATE_VERIFY_FAILED) {
        const char *text = ERR_reason_error_string(error);
        return text ? QString::fromLatin1(text) : u"the handshake failed"_s;
    }
    switch (const auto result = SSL_get_verify_result(&session)) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return u"its certificate has expired on %1"_s.arg(expiryOf(session));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return u"its certificate is not valid yet (is a clock wrong?)"_s;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return u"its certificate is for another name"_s;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return u"its certificate was not signed by the configured authority"_s;
    default:
        return QString::fromLatin1(X509_verify_cert_error_string(result));
    }
}

} // namespace danube::kube
