// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QStringList>
#include <QUrl>
#include <QUrlQuery>

#include <variant>

namespace danube::console {

// What an OpenID provider says and is asked, as values: no sockets here. Everything it says comes from outside, so each
// reader below takes any bytes.

/// What a console needs of OpenID Connect Discovery 1.0.
struct OidcProvider
{
    QString issuer;
    QUrl authorization;
    QUrl token;
    QUrl device;        ///< RFC 8628; empty = the provider has no device flow
    QStringList scopes; ///< those it knows; empty = it does not say
    bool operator==(const OidcProvider &) const = default;
};
QUrl discoveryUrl(const QString &issuer);
/// What to ask for there: identity, name, groups, a refresh token; only what the provider knows.
QByteArray scopesFor(const OidcProvider &provider);
/// Protocol: no such document, another issuer than asked (that would be a mix-up), or an endpoint that is neither https
/// nor on this machine.
Result<OidcProvider> providerFromJson(const QByteArray &document, const QString &issuer);

/// What a sign-in brings. The bearer is the identity token where there is one: masters check that.
struct TokenSet
{
    Secret bearer;
    Secret refresh; ///< empty = none given
    seconds expiresIn{0};
};

/// An answer of a token endpoint (RFC 6749 5, RFC 8628 3.5), read from its body whatever the HTTP status: Dex says
/// authorization_pending with 401.
struct TokenPending
{};
struct TokenSlowDown
{};
using TokenAnswer = std::variant<TokenSet, TokenPending, TokenSlowDown>;
Result<TokenAnswer> tokenAnswerFromJson(const QByteArray &body);

/// RFC 8628 3.2.
struct DeviceCode
{
    Secret deviceCode;
    QString userCode;     ///< at most 40 characters
    QUrl verification;    ///< where people go
    QUrl verificationAll; ///< the same with the code in it; may be empty
    seconds interval{5};
    seconds expiresIn{0};
};
Result<DeviceCode> deviceCodeFromJson(const QByteArray &body);

/// RFC 7636: a verifier of 43 characters and its S256 challenge.
struct Pkce
{
    QByteArray verifier;
    QByteArray challenge;
    static Pkce make();
};
QByteArray s256(const QByteArray &verifier);
QByteArray randomText(); ///< 43 characters of base64url, 256 bits

/// The name in an identity token's claims: preferred_username, email or name. Not verified; empty for other bytes.
QString userNameOf(const QByteArray &token);

/// What the browser brought to the loopback address, from the head of its request: the query of `GET /callback?…`.
/// InvalidArgument for any other request.
Result<QUrlQuery> redirectFromRequest(const QByteArray &head);

} // namespace danube::console
