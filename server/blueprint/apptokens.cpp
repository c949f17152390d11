// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/apptokens.h"

#include "server/blueprint/appjwt.h"
#include "shared/core/reply.h"

#include <QHostAddress>
#include <QJsonDocument>
#include <QLocale>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimeZone>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qint64 maxAnswer = 64 << 10;
constexpr qsizetype maxToken = 4096;
constexpr std::chrono::minutes beforeExpiry{5};
constexpr seconds noticedSkew{50};

QString attemptFor(const AppInstallation &installation)
{
    return u"sign in at %1 as GitHub App %2, installation %3"_s.arg(installation.host)
        .arg(installation.appId)
        .arg(installation.installationId);
}

bool isSafe(const QUrl &api)
{
    if (api.scheme() == "https"_L1)
        return true;
    return api.scheme() == "http"_L1 && QHostAddress(api.host()).isLoopback();
}

Result<QSslConfiguration> tlsOf(const QString &caFile)
{
    auto tls = QSslConfiguration::defaultConfiguration();
    if (caFile.isEmpty())
        return tls;
    const auto authorities = QSslCertificate::fromPath(caFile);
    if (authorities.isEmpty())
        return fail(ErrorCode::Io, u"source.ca_file %1 holds no certificate"_s.arg(caFile));
    tls.setCaCertificates(authorities);
    return tls;
}

} // namespace

QUrl gitHubApiOf(const QString &host)
{
    if (host == "github.com"_L1 || host.endsWith(".ghe.com"_L1))
        return QUrl(u"https://api."_s + host);
    return QUrl(u"https://%1/api/v3"_s.arg(host));
}

Result<AppToken> readAppToken(const QByteArray &body)
{
    const auto object = QJsonDocument::fromJson(body).object();
    const QByteArray token = object.value("token"_L1).toString().toUtf8();
    const auto expiresAt = fromRfc3339(object.value("expires_at"_L1).toString());
    const bool isToken = !token.isEmpty() && token.size() <= maxToken &&
                         std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!isToken || expiresAt == WallTime())
        return fail(ErrorCode::Protocol, u"the answer holds no token with its end"_s);
    return AppToken{Secret(token), expiresAt};
}

AppTokens::AppTokens(Settings settings, const Clock &clock) : m_settings(std::move(settings)), m_clock(clock)
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

void AppTokens::token(const AppInstallation &installation, const Secret &privateKey, QObject *context, Done done)
{
    Done answer = Reply<Result<Secret>>(context, std::move(done));
    const auto kept = m_tokens.find(installation);
    if (kept != m_tokens.end() && m_clock.wall() + beforeExpiry < kept->second.expiresAt)
        return answer(kept->second.token.clone());
    if (const auto flight = m_waiting.find(installation); flight != m_waiting.end()) {
        if (flight->second.size() >= maxWaiting)
            return answer(fail(ErrorCode::ResourceExhausted,
                               u"%1: %2 wait already"_s.arg(attemptFor(installation)).arg(maxWaiting)));
        flight->second.push_back(std::move(answer));
        return;
    }
    const auto posted = post(installation, privateKey);
    if (!posted)
        return answer(std::unexpected(posted.error().in(attemptFor(installation))));
    m_waiting[installation].push_back(std::move(answer));
    QNetworkReply *reply = *posted;
    // Over all: a server that sends a byte now and then is late as well.
    auto *deadline = new QTimer(reply);
    deadline->setSingleShot(true);
    connect(deadline, &QTimer::timeout, reply, &QNetworkReply::abort);
    deadline->start(m_settings.timeout);
    connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received, qint64 /*total*/) {
        if (received > maxAnswer)
            reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [this, installation, reply, deadline] {
        reply->deleteLater();
        answered(installation, *reply, !deadline->isActive());
    });
}

void AppTokens::keepOnly(const std::set<AppInstallation> &installations)
{
    std::erase_if(m_tokens, [&](const auto &entry) { return !installations.contains(entry.first); });
}

Result<QNetworkReply *> AppTokens::post(const AppInstallation &installation, const Secret &privateKey)
{
    const auto api = m_settings.apiOf(installation.host);
    if (!isSafe(api))
        return fail(ErrorCode::InvalidArgument, u"%1 is not https"_s.arg(api.toString(QUrl::RemoveUserInfo)));
    const auto jwt = makeAppJwt(installation.appId, privateKey, m_clock.wall());
    if (!jwt)
        return std::unexpected(jwt.error());
    const auto tls = tlsOf(m_settings.caFile);
    if (!tls)
        return std::unexpected(tls.error());
    QNetworkRequest request(
        QUrl(api.toString() + u"/app/installations/%1/access_tokens"_s.arg(installation.installationId)));
    request.setSslConfiguration(*tls);
    request.setRawHeader("Authorization", "Bearer " + jwt->reveal());
    request.setRawHeader("Accept", "application/vnd.github+json");
    request.setRawHeader("X-GitHub-Api-Version", "2022-11-28");
    request.setRawHeader("User-Agent", "Danube");
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    return m_network.post(request, QByteArray("{}"));
}

void AppTokens::answered(const AppInstallation &installation, QNetworkReply &reply, bool isLate)
{
    auto waiting = m_waiting.extract(installation);
    auto judged = judge(installation, reply, isLate);
    for (Done &done : waiting.mapped())
        done(judged ? Result<Secret>(judged->token.clone()) : std::unexpected(judged.error()));
    if (judged)
        m_tokens.insert_or_assign(installation, std::move(*judged));
}

Result<AppToken> AppTokens::judge(const AppInstallation &installation, QNetworkReply &reply, bool isLate) const
{
    const auto attempt = attemptFor(installation);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (isLate)
        return fail(ErrorCode::Timeout,
                    u"%1: no answer within %2 s"_s.arg(attempt).arg(m_settings.timeout.count() / 1000.0));
    if (reply.error() == QNetworkReply::OperationCanceledError || reply.bytesAvailable() > maxAnswer)
        return fail(ErrorCode::Protocol, u"%1: the answer is larger than %2 KiB"_s.arg(attempt).arg(maxAnswer >> 10));
    if (status != 201)
        return std::unexpected(refusal(installation, reply, status).in(attempt));
    if (reply.error() != QNetworkReply::NoError)
        return fail(ErrorCode::Unavailable, u"%1: %2"_s.arg(attempt, reply.errorString()));
    return readAppToken(reply.read(maxAnswer)).transform_error([&](const Error &error) { return error.in(attempt); });
}

Error AppTokens::refusal(const AppInstallation &installation, const QNetworkReply &reply, int status) const
{
    if (status == 0)
        return {ErrorCode::Unavailable, reply.errorString()};
    if (status == 401) {
        auto date = QLocale::c().toDateTime(QString::fromLatin1(reply.rawHeader("Date")),
                                            u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s); // RFC 9110, 5.6.7
        date.setTimeZone(QTimeZone::UTC);
        const seconds ahead = date.isValid() ? std::chrono::floor<seconds>(m_clock.wall().time_since_epoch()) -
                                                   seconds(date.toSecsSinceEpoch())
                                             : seconds(0);
        if (ahead > noticedSkew || ahead < -noticedSkew)
            return {ErrorCode::Unauthenticated,
                    u"the app's key is not accepted: this machine's clock is %1 s %2 the server's"_s
                        .arg(std::abs(ahead.count()))
                        .arg(ahead.count() > 0 ? "ahead of"_L1 : "behind"_L1)};
        return {ErrorCode::Unauthenticated,
                u"the app's key is not accepted: is it app %1's?"_s.arg(installation.appId)};
    }
    if (status == 404)
        return {ErrorCode::NotFound, u"the app has no such installation"_s};
    if (status == 403 || status == 422)
        return {ErrorCode::PermissionDenied, u"the server refuses a token with status %1"_s.arg(status)};
    if (status == 429 || status >= 500)
        return {ErrorCode::Unavailable, u"the server answers with status %1"_s.arg(status)};
    return {ErrorCode::Protocol, u"the server answers with status %1, expected 201"_s.arg(status)};
}

} // namespace danube::blueprint
