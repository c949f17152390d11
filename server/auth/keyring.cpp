// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/keyring.h"

#include "shared/core/keyfile.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace Qt::StringLiterals;

namespace danube::auth {
namespace {

constexpr int keySize = keyFileBytes;
constexpr auto base64Form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
} // namespace

Result<Keyring> Keyring::open(const QString &path)
{
    return openKeyFile(path).transform([](Secret key) { return Keyring(std::move(key)); });
}

Keyring Keyring::fromKey(Secret key)
{
    Q_ASSERT(key.reveal().size() == keySize);
    return Keyring(std::move(key));
}

Secret Keyring::derive(QByteArrayView label, QByteArrayView context) const
{
    const QByteArray input = label.toByteArray() + '\0' + context.toByteArray();
    QByteArray output(keySize, Qt::Uninitialized);
    unsigned int size = keySize;
    HMAC(EVP_sha256(), m_key.reveal().constData(), keySize, reinterpret_cast<const unsigned char *>(input.constData()),
         static_cast<size_t>(input.size()), reinterpret_cast<unsigned char *>(output.data()), &size);
    return Secret(std::move(output));
}

Secret Keyring::jobToken(const JobId &job) const
{
    const QByteArray name = job.value().toLatin1();
    return Secret(name + '.' + derive("danube job token", name).reveal().toBase64(base64Form));
}

std::optional<JobId> Keyring::verifyJobToken(QByteArrayView token) const
{
    const auto dot = token.indexOf('.');
    if (dot <= 0 || dot > 64)
        return std::nullopt;
    const JobId job(QString::fromLatin1(token.first(dot)));
    if (!isSafeId(job.value()) || !equalsConstantTime(token, jobToken(job).reveal()))
        return std::nullopt;
    return job;
}

Secret Keyring::agentKey(const JobId &job, const QString &container) const
{
    return derive("danube agent key", (job.value() + u'/' + container).toUtf8());
}

} // namespace danube::auth
