// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/localerror.h"

#include <QSslCertificate>
#include <QSslError>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

QString reasonOf(const QSslError &error)
{
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return u"its certificate has expired on %1"_s.arg(
            error.certificate().expiryDate().toUTC().toString(Qt::ISODate));
    case QSslError::CertificateNotYetValid:
        return u"its certificate is not valid yet (is a clock wrong?)"_s;
    case QSslError::HostNameMismatch:
        return u"its certificate is for another name"_s;
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateSignatureFailed:
    case QSslError::CertificateUntrusted:
        return u"its certificate was not signed by the configured authority"_s;
    default:
        return error.errorString();
    }
}

} // namespace

ApiError localError(ApiError::Kind kind, const QString &message)
{
    ApiError error;
    error.kind = kind;
    error.message = message;
    return error;
}

QString tlsReason(const QList<QSslError> &errors)
{
    const auto told = std::ranges::find_if(errors, [](const QSslError &e) { return e.error() != QSslError::NoError; });
    return told == errors.end() ? u"the handshake failed"_s : reasonOf(*told);
}

} // namespace danube::kube
