// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/keyfile.h"

#include "shared/core/replacefile.h"

#include <QFile>

#include <openssl/rand.h>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

Result<Secret> makeKey(const QString &path)
{
    QByteArray key(keyFileBytes, Qt::Uninitialized);
    if (RAND_bytes(reinterpret_cast<unsigned char *>(key.data()), keyFileBytes) != 1)
        return fail(ErrorCode::Internal, u"make key file %1: no randomness"_s.arg(path));
    Secret made(std::move(key));
    if (const auto written = replaceFile(path, made.reveal()); !written)
        return std::unexpected(written.error().in(u"make key file"_s));
    return made;
}

} // namespace

Result<Secret> openKeyFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return makeKey(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read key file %1: %2"_s.arg(path, file.errorString()));
    if ((file.permissions() & ~(ownerOnly | QFileDevice::ReadUser | QFileDevice::WriteUser)) != 0)
        return fail(ErrorCode::PermissionDenied, u"key file %1 is open to others; expected mode 0600"_s.arg(path));
    QByteArray key = file.readAll();
    if (key.size() != keyFileBytes)
        return fail(ErrorCode::DataLoss,
                    u"key file %1 has %2 bytes; expected %3"_s.arg(path).arg(key.size()).arg(keyFileBytes));
    return Secret(std::move(key));
}

} // namespace danube
