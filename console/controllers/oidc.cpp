// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/oidc.h"

#include <QCryptographicHash>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype longestToken = 64 * 1024;
constexpr int longestUserCode = 40;
constexpr seconds shortestInterval{1};
constexpr seconds longestInterval{60};
constexpr seconds longestLife{std::chrono::hours(24 * 30)};

bool isLocal(const QUrl &url)
{
    return url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback();
}

bool isTrustworthy(const QUrl &url)
{
    return url.isValid() && (url.scheme() == "https"_L1 || (url.scheme() == "http"_L1 && isLocal(url)));
}

Result<QJsonObject> objectFrom(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return fail(ErrorCode::Protocol, u"the provider's answer is not JSON"_s);
    return document.object();
}

seconds secondsOf(const QJsonValue &value, seconds otherwise, seconds least, seconds most)
{
    const double given = value.toDouble(double(otherwise.count()));
    return seconds(int64_t(std::clamp(given, double(least.count()), double(most.count()))));
}

Secret secretOf(const QJsonObject &body, QLatin1StringView key)
{
    const QByteArray value = body.value(key).toString().toUtf8();
    const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return plain && value.size() <= longestToken ? Secret(value) : Secret();
}

// The provider's own words, kept short: they are shown.
QString complaintOf(const QJsonObject &body)
{
    const QString error = body.value("error"_L1).toString().left(100);
    const QString description = body.value("error_description"_L1).toString().left(300).simplified();
    return description.isEmpty() ? error : u"%1 (%2)"_s.arg(description, error);
}

} // namespace

QUrl discoveryUrl(const QString &issuer)
{
    QString base = issuer;
    while (base.endsWith(u'/'))
        base.chop(1);
    return QUrl(base + "/.well-known/openid-configuration"_L1);
}

Result<OidcProvider> providerFromJson(const QByteArray &document, const QString &issuer)
{
    const auto body = objectFrom(document);
    if (!body)
        return std::unexpected(body.error());
    OidcProvider provider{body->value("issuer"_L1).toString(),
                          QUrl(body->value("authorization_endpoint"_L1).toString()),
                          QUrl(body->value("token_endpoint"_L1).toString()),
                          QUrl(body->value("device_authorization_endpoint"_L1).toString()),
                          body->value("scopes_supported"_L1).toVariant().toStringList()};
    if (provider.issuer != issuer)
        return fail(ErrorCode::Protocol,
                    u"the provider calls itself '%1', not '%2'"_s.arg(provider.issuer.left(200), issuer));
    for (const QUrl &url : {provider.authorization, provider.token}) {
        if (!isTrustworthy(url))
            return fail(ErrorCode::Protocol, u"the provider names no safe address for signing in: '%1'"_s.arg(
                                                 url.toDisplayString().left(200)));
    }
    if (!isTrustworthy(provider.device))
        provider.device.clear();
    return provider;
}

QByteArray scopesFor(const OidcProvider &provider)
{
    QStringList wanted;
    for (const auto scope : {"openid"_L1, "profile"_L1, "email"_L1, "groups"_L1, "offline_access"_L1}) {
        if (provider.scopes.isEmpty() || provider.scopes.contains(scope))
            wanted.append(scope);
    }
    return wanted.join(u' ').toLatin1();
}

Result<TokenAnswer> tokenAnswerFromJson(const QByteArray &bytes)
{
    const auto body = objectFrom(bytes);
    if (!body)
        return std::unexpected(body.error());
    const QString error = body->value("error"_L1).toString();
    if (error == "authorization_pending"_L1)
        return TokenPending();
    if (error == "slow_down"_L1)
        return TokenSlowDown();
    if (error == "access_denied"_L1)
        return fail(ErrorCode::PermissionDenied, u"the sign-in was refused"_s);
    if (error == "expired_token"_L1)
        return fail(ErrorCode::Timeout, u"the code has expired"_s);
    if (!error.isEmpty())
        return fail(ErrorCode::Unauthenticated, complaintOf(*body));
    TokenSet set;
    set.bearer = secretOf(*body, "id_token"_L1);
    if (set.bearer.isEmpty())
        set.bearer = secretOf(*body, "access_token"_L1);
    if (set.bearer.isEmpty())
        return fail(ErrorCode::Protocol, u"the provider's answer holds no token"_s);
    set.refresh = secretOf(*body, "refresh_token"_L1);
    set.expiresIn = secondsOf(body->value("expires_in"_L1), seconds(0), seconds(0), longestLife);
    return set;
}

Result<DeviceCode> deviceCodeFromJson(const QByteArray &bytes)
{
    const auto body = objectFrom(bytes);
    if (!body)
        return std::unexpected(body.error());
    if (body->contains("error"_L1))
        return fail(ErrorCode::Unauthenticated, complaintOf(*body));
    DeviceCode code;
    code.deviceCode = secretOf(*body, "device_code"_L1);
    code.userCode = body->value("user_code"_L1).toString();
    // "verification_url" is what some providers called it before the RFC.
    code.verification =
        QUrl(body->value("verification_uri"_L1).toString(body->value("verification_url"_L1).toString()));
    code.verificationAll = QUrl(body->value("verification_uri_complete"_L1).toString());
    code.interval = secondsOf(body->value("interval"_L1), seconds(5), shortestInterval, longestInterval);
    code.expiresIn = secondsOf(body->value("expires_in"_L1), seconds(300), seconds(10), std::chrono::hours(1));
    if (!isTrustworthy(code.verificationAll))
        code.verificationAll.clear();
    if (code.deviceCode.isEmpty() || code.userCode.isEmpty() || code.userCode.size() > longestUserCode ||
        !isTrustworthy(code.verification))
        return fail(ErrorCode::Protocol, u"the provider's answer holds no usable code"_s);
    return code;
}

QByteArray randomText()
{
    std::array<quint32, 8> bits{};
    QRandomGenerator::system()->fillRange(bits.data(), bits.size());
    return QByteArray(reinterpret_cast<const char *>(bits.data()), sizeof(bits))
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray s256(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Pkce Pkce::make()
{
    const QByteArray verifier = randomText();
    return {verifier, s256(verifier)};
}

QString userNameOf(const QByteArray &token)
{
    const QByteArray claims = QByteArray::fromBase64(token.split('.').value(1),
                                                     QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const QJsonObject body = QJsonDocument::fromJson(claims).object();
    for (const auto key : {"preferred_username"_L1, "email"_L1, "name"_L1}) {
        if (const QString name = body.value(key).toString().left(200); !name.isEmpty())
            return name;
    }
    return {};
}

Result<QUrlQuery> redirectFromRequest(const QByteArray &head)
{
    const QList<QByteArray> words = head.left(head.indexOf("\r\n")).split(' ');
    if (words.size() != 3 || words[0] != "GET" || !words[2].startsWith("HTTP/1."))
        return fail(ErrorCode::InvalidArgument, u"not a browser's request"_s);
    const QUrl target = QUrl::fromEncoded(words[1], QUrl::StrictMode);
    if (target.path() != "/callback"_L1 || !target.hasQuery())
        return fail(ErrorCode::InvalidArgument, u"not the address of the sign-in"_s);
    return QUrlQuery(target);
}

} // namespace danube::console
