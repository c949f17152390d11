// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/authgate.h"

#include "shared/core/id.h"
#include "shared/core/replacefile.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::auth {
namespace {

constexpr int tokenBytes = 32;
constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto ownerAsUser = QFileDevice::ReadUser | QFileDevice::WriteUser; // Qt's other name when we are the owner
constexpr auto schemePrefix = "bearer "_L1;

Result<Secret> makeToken(const QString &path)
{
    QByteArray token = randomHex(tokenBytes).toLatin1();
    if (const auto written = replaceFile(path, token + '\n'); !written)
        return std::unexpected(written.error().in(u"make token file"_s));
    return Secret(std::move(token));
}

/// `allowed`: who may do what with the file; `expected` says the same in words.
Result<Secret> readToken(const QString &path, QFileDevice::Permissions allowed, QLatin1StringView expected)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read token file %1: %2"_s.arg(path, file.errorString()));
    if ((file.permissions() & ~(allowed | ownerAsUser)) != 0)
        return fail(ErrorCode::PermissionDenied,
                    u"token file %1 is open to others; expected mode %2"_s.arg(path, expected));
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
    auto token = QFile::exists(tokenPath) ? readToken(tokenPath, ownerOnly, "0600"_L1) : makeToken(tokenPath);
    return std::move(token).transform(
        [metrics](Secret value) { return AuthGate(std::move(value), metrics, Peers::ThisMachine); });
}

Result<AuthGate> AuthGate::openToken(const QString &tokenPath, MetricsAccess metrics)
{
    return readToken(tokenPath, ownerOnly | QFileDevice::ReadGroup, "0440 or 0600"_L1)
        .transform([metrics](Secret value) { return AuthGate(std::move(value), metrics, Peers::Any); });
}

AuthGate AuthGate::withToken(Secret token, MetricsAccess metrics)
{
    return {std::move(token), metrics, Peers::ThisMachine};
}

Result<Principal> AuthGate::admit(const Attempt &attempt, Right right) const
{
    const bool isOpen = right == Right::None || (right == Right::Metrics && m_metrics == MetricsAccess::Open);
    if (isOpen)
        return Principal{Principal::Kind::Anonymous, u"anonymous"_s};
    if (m_peers == Peers::ThisMachine && !attempt.loopbackPeer)
        return fail(ErrorCode::PermissionDenied, u"auth.mode = \"dev\" serves clients on this machine only"_s);
    const auto token = bearerToken(attempt.authorization);
    if (token.isEmpty())
        return fail(ErrorCode::Unauthenticated, u"this request needs \"Authorization: Bearer <token>\""_s);
    if (m_token.isEmpty() || !equalsConstantTime(token, m_token.reveal()))
        return fail(ErrorCode::Unauthenticated, u"the bearer token is not valid"_s);
    return Principal{Principal::Kind::Administrator, u"admin"_s};
}

} // namespace danube::auth
