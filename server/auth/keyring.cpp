// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/keyring.h"

#include <QFile>
#include <QSaveFile>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

using namespace Qt::StringLiterals;

namespace danube::auth {
namespace {

constexpr int keySize = 32;
constexpr auto base64Form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

Result<Secret> makeKey(const QString &path)
{
    QByteArray key(keySize, Qt::Uninitialized);
    if (RAND_bytes(reinterpret_cast<unsigned char *>(key.data()), keySize) != 1)
        return fail(ErrorCode::Internal, u"make key file %1: no randomness"_s.arg(path));
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) && file.write(key) == keySize;
    if (!written || !file.commit())
        return fail(ErrorCode::Io, u"make key file %1: %2"_s.arg(path, file.errorString()));
    return Secret(std::move(key));
}

} // namespace

Result<Keyring> Keyring::open(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return makeKey(path).transform([](Secret key) { return Keyring(std::move(key)); });
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read key file %1: %2"_s.arg(path, file.errorString()));
    if ((file.permissions() & ~(ownerOnly | QFileDevice::ReadUser | QFileDevice::WriteUser)) != 0)
        return fail(ErrorCode::PermissionDenied, u"key file %1 is open to others; expected mode 0600"_s.arg(path));
    QByteArray key = file.readAll();
    if (key.size() != keySize)
        return fail(ErrorCode::DataLoss,
                    u"key file %1 has %2 bytes; expected %3"_s.arg(path).arg(key.size()).arg(keySize));
    return Keyring(Secret(std::move(key)));
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
