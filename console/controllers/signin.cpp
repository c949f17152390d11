// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/signin.h"

#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 longestAnswer = 1024 * 1024;

void add(QUrlQuery &form, QLatin1StringView key, const QByteArray &value)
{
    // QUrlQuery leaves "+" as it is, and the other side would read it as a blank.
    form.addQueryItem(key, QString::fromLatin1(value.toPercentEncoding()));
}

} // namespace

SignIn::SignIn(Settings settings, QObject *parent) : QObject(parent), m_settings(std::move(settings))
{
    m_patience.setSingleShot(true);
    m_poll.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        finish(fail(ErrorCode::Timeout, m_way == SignInWay::Browser ? tr("The browser did not come back in time.")
                                                                    : tr("The code has expired.")));
    });
    connect(&m_poll, &QTimer::timeout, this, &SignIn::poll);
    connect(&m_redirect, &LoopbackRedirect::answered, this, &SignIn::takeRedirect);
}

SignIn::~SignIn()
{
    m_finished = true; // aborted replies answer
}

void SignIn::start(SignInWay way)
{
    discover(way);
}

void SignIn::refresh(Secret token)
{
    m_refresh = std::move(token);
    discover(SignInWay::Refresh);
}

void SignIn::discover(SignInWay way)
{
    m_way = way;
    fetch(discoveryUrl(m_settings.issuer), nullptr, [this](const QByteArray &body, const QString &trouble) {
        if (!trouble.isEmpty())
            return finish(
                fail(ErrorCode::Unavailable, tr("Ask %1 how to sign in: %2").arg(m_settings.issuer, trouble)));
        auto provider = providerFromJson(body, m_settings.issuer);
        if (!provider)
            return finish(std::unexpected(provider.error()));
        m_provider = std::move(*provider);
        switch (m_way) {
        case SignInWay::Browser:
            return openBrowser();
        case SignInWay::Code:
            return askForCode();
        case SignInWay::Refresh:
            QUrlQuery form;
            add(form, "grant_type"_L1, "refresh_token");
            add(form, "refresh_token"_L1, m_refresh.reveal());
            return askForToken(form);
        }
    });
}

void SignIn::openBrowser()
{
    if (const auto listening = m_redirect.listen(); !listening)
        return finish(std::unexpected(listening.error()));
    m_pkce = Pkce::make();
    m_state = randomText();
    QUrl url = m_provider.authorization;
    QUrlQuery query(url);
    add(query, "response_type"_L1, "code");
    add(query, "client_id"_L1, m_settings.clientId.toUtf8());
    add(query, "redirect_uri"_L1, m_redirect.uri().toEncoded());
    add(query, "scope"_L1, scopesFor(m_provider));
    add(query, "state"_L1, m_state);
    add(query, "code_challenge"_L1, m_pkce.challenge);
    add(query, "code_challenge_method"_L1, "S256");
    url.setQuery(query);
    m_patience.start(m_settings.browserPatience.count() * m_settings.second);
    emit browserWanted(url);
}

void SignIn::takeRedirect(const QUrlQuery &query)
{
    m_patience.stop();
    const auto value = [&](QLatin1StringView key) { return query.queryItemValue(key, QUrl::FullyDecoded); };
    if (!equalsConstantTime(value("state"_L1).toLatin1(), m_state))
        return finish(fail(ErrorCode::PermissionDenied,
                           tr("The browser brought an answer to another question (wrong state). Sign in again.")));
    if (const QString error = value("error"_L1); !error.isEmpty())
        return finish(
            fail(ErrorCode::PermissionDenied,
                 tr("The provider refused: %1").arg(error.left(100) + u' ' + value("error_description"_L1).left(300))));
    QUrlQuery form;
    add(form, "grant_type"_L1, "authorization_code");
    add(form, "code"_L1, value("code"_L1).toLatin1());
    add(form, "redirect_uri"_L1, m_redirect.uri().toEncoded());
    add(form, "code_verifier"_L1, m_pkce.verifier);
    askForToken(form);
}

void SignIn::askForCode()
{
    if (m_provider.device.isEmpty())
        return finish(
            fail(ErrorCode::NotFound, tr("This provider gives no codes for other devices. Use the browser.")));
    QUrlQuery form;
    add(form, "client_id"_L1, m_settings.clientId.toUtf8());
    add(form, "scope"_L1, scopesFor(m_provider));
    fetch(m_provider.device, &form, [this](const QByteArray &body, const QString &trouble) {
        auto code = deviceCodeFromJson(body);
        if (!code)
            return finish(fail(code.error().code, trouble.isEmpty() ? code.error().message : trouble));
        m_code = std::move(*code);
        m_patience.start(m_code.expiresIn.count() * m_settings.second);
        m_poll.start(m_code.interval.count() * m_settings.second);
        emit codeKnown(m_code);
    });
}

void SignIn::poll()
{
    QUrlQuery form;
    add(form, "grant_type"_L1, "urn:ietf:params:oauth:grant-type:device_code");
    add(form, "device_code"_L1, m_code.deviceCode.reveal());
    askForToken(form);
}

void SignIn::askForToken(QUrlQuery form)
{
    add(form, "client_id"_L1, m_settings.clientId.toUtf8());
    fetch(m_provider.token, &form,
          [this](const QByteArray &body, const QString &trouble) { takeAnswer(body, trouble); });
}

void SignIn::takeAnswer(const QByteArray &body, const QString &trouble)
{
    auto answer = tokenAnswerFromJson(body);
    const bool wait = answer && !std::holds_alternative<TokenSet>(*answer);
    // Nothing came, or a page of somebody in between: the provider itself has not said no.
    const bool isAway = !answer && !trouble.isEmpty() && answer.error().code == ErrorCode::Protocol;
    if (m_way == SignInWay::Code && (wait || isAway)) {
        // RFC 8628 3.5: five seconds more after slow_down, and after a connection that failed.
        if (!answer || std::holds_alternative<TokenSlowDown>(*answer))
            m_code.interval += seconds(5);
        m_poll.start(m_code.interval.count() * m_settings.second);
        emit pending();
        return;
    }
    if (wait)
        return finish(fail(ErrorCode::Protocol, tr("The provider wants to be asked again, which it must not here.")));
    if (isAway)
        return finish(fail(ErrorCode::Unavailable, trouble));
    if (!answer)
        return finish(std::unexpected(answer.error()));
    finish(std::get<TokenSet>(std::move(*answer)));
}

void SignIn::finish(Result<TokenSet> result)
{
    if (std::exchange(m_finished, true))
        return;
    m_patience.stop();
    m_poll.stop();
    m_redirect.close();
    emit finished(std::make_shared<Result<TokenSet>>(std::move(result)));
}

// `trouble` is what the network says when there was no 2xx; the body may say more, whatever the status.
void SignIn::fetch(const QUrl &url, const QUrlQuery *form, Taken taken)
{
    QNetworkRequest request(url);
    request.setTransferTimeout(m_settings.requestTimeout);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setRawHeader("Accept", "application/json");
    if (form)
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/x-www-form-urlencoded"_L1);
    QNetworkReply *reply =
        form ? m_network.post(request, form->toString(QUrl::FullyEncoded).toLatin1()) : m_network.get(request);
    reply->setReadBufferSize(longestAnswer);
    connect(reply, &QNetworkReply::finished, this, [this, reply, taken = std::move(taken)]() mutable {
        reply->deleteLater();
        if (m_finished)
            return;
        const QByteArray body = reply->read(longestAnswer);
        taken(body, reply->error() == QNetworkReply::NoError ? QString() : reply->errorString());
    });
}

} // namespace danube::console
