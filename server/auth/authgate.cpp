// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/authgate.h"

#include "shared/core/id.h"

#include <QFile>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::auth {
namespace {

constexpr int tokenBytes = 32;
constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto schemePrefix = "bearer "_L1;

Result<Secret> makeToken(const QString &path)
{
    QByteArray token = randomHex(tokenBytes).toLatin1();
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) &&
                         file.write(token + '\n') == token.size() + 1;
    if (!written || !file.commit())
        return fail(ErrorCode::Io, u"make token file %1: %2"_s.arg(path, file.errorString()));
    return Secret(std::move(token));
}

Result<Secret> readToken(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read token file %1: %2"_s.arg(path, file.errorString()));
    if ((file.permissions() & ~(ownerOnly | QFileDevice::ReadUser | QFileDevice::WriteUser)) != 0)
        return fail(ErrorCode::PermissionDenied, u"token file %1 is open to others; expected mode 0600"_s.arg(path));
    QByteArray token = file.read(1024).trimmed();
    const auto isPrintable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (token.size() < tokenBytes || token.size() > 512 || !std::ranges::all_of(token, isPrintable))
        return fail(
            ErrorCode::DataLoss,
            u"token file %1: expected %2 to 512 printable characters without blanks"_s.arg(path).arg(tokenBytes));
    return Secret(std::move(token));
}

/// The token of "Bearer <token>"; the scheme's case does not matter (RFC 9110, 11.1).
QByteArrayView bearerToken(QByteArrayView authorization)
{
    const auto length = schemePrefix.size();
    if (authorization.size() <= length || authorization.first(length).compare(schemePrefix, Qt::CaseInsensitive) != 0)
        return {};
    return authorization.sliced(length).trimmed();
}

} // namespace

Result<AuthGate> AuthGate::openDevelopment(const QString &tokenPath, MetricsAccess metrics)
{
    auto token = QFile::exists(tokenPath) ? readToken(tokenPath) : makeToken(tokenPath);
    return std::move(token).transform([metrics](Secret value) { return AuthGate(std::move(value), metrics); });
}

AuthGate AuthGate::withToken(Secret token, MetricsAccess metrics)
{
    return {std::move(token), metrics};
}

Result<Principal> AuthGate::admit(const Attempt &attempt, Right right) const
{
    const bool isOpen = right == Right::None || (right == Right::Metrics && m_metrics == MetricsAccess::Open);
    if (isOpen)
        return Principal{Principal::Kind::Anonymous, u"anonymous"_s};
    if (!attempt.loopbackPeer)
        return fail(ErrorCode::PermissionDenied, u"auth.mode = \"dev\" serves clients on this machine only"_s);
    const auto token = bearerToken(attempt.authorization);
    if (token.isEmpty())
        return fail(ErrorCode::Unauthenticated, u"this request needs \"Authorization: Bearer <token>\""_s);
    if (m_token.isEmpty() || !equalsConstantTime(token, m_token.reveal()))
        return fail(ErrorCode::Unauthenticated, u"the bearer token is not valid"_s);
    return Principal{Principal::Kind::DevelopmentAdmin, u"admin"_s};
}

} // namespace danube::auth
