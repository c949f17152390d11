// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakedex.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

FakeReply json(const QJsonObject &body, int status = 200)
{
    return {.status = status, .body = QJsonDocument(body).toJson()};
}

FakeReply refuse(int status, QLatin1StringView error)
{
    return json({{"error"_L1, error}}, status);
}

QString valueOf(const QUrlQuery &form, QLatin1StringView key)
{
    return form.queryItemValue(key, QUrl::FullyDecoded);
}

} // namespace

FakeDex::FakeDex(QObject *parent)
    : QObject(parent), m_server([this](const FakeRequest &request, FakeConnection &connection) {
          m_requests.append(request);
          connection.reply(answer(request));
      })
{}

int FakeDex::count(const QString &path) const
{
    return int(std::count_if(m_requests.begin(), m_requests.end(),
                             [&](const FakeRequest &request) { return request.path == path; }));
}

QUrl FakeDex::authorize(const QUrl &url)
{
    m_authorization = QUrlQuery(url);
    m_code = u"code-%1"_s.arg(m_requests.size());
    QUrl back(valueOf(m_authorization, "redirect_uri"_L1));
    QUrlQuery query;
    query.addQueryItem(u"code"_s, m_code);
    query.addQueryItem(u"state"_s, valueOf(m_authorization, "state"_L1));
    back.setQuery(query);
    return back;
}

FakeReply FakeDex::answer(const FakeRequest &request)
{
    if (request.path == "/.well-known/openid-configuration"_L1)
        return json({{"issuer"_L1, issuer()},
                     {"authorization_endpoint"_L1, issuer() + u"/auth"_s},
                     {"token_endpoint"_L1, issuer() + u"/token"_s},
                     {"device_authorization_endpoint"_L1, issuer() + u"/device/code"_s}});
    if (request.path == "/device/code"_L1)
        return json({{"device_code"_L1, "a-device"_L1},
                     {"user_code"_L1, "WDJB-MJHT"_L1},
                     {"verification_uri"_L1, issuer() + u"/device"_s},
                     {"interval"_L1, 5},
                     {"expires_in"_L1, 300}});
    if (request.path == "/token"_L1)
        return answerToken(request);
    return refuse(404, "not_found"_L1);
}

FakeReply FakeDex::answerToken(const FakeRequest &request)
{
    const QUrlQuery form(QString::fromUtf8(request.body));
    const QString kind = valueOf(form, "grant_type"_L1);
    if (badGateways > 0) {
        --badGateways;
        return {.status = 502, .body = "<html>Bad gateway</html>", .contentType = "text/html"};
    }
    if (form.hasQueryItem(u"client_secret"_s))
        return refuse(401, "invalid_client"_L1);
    if (kind == "urn:ietf:params:oauth:grant-type:device_code"_L1)
        return answerDevice(form);
    if (kind == "refresh_token"_L1) {
        if (refusesRefresh || valueOf(form, "refresh_token"_L1) != m_refresh)
            return refuse(400, "invalid_grant"_L1);
        return grant();
    }
    const QByteArray challenge =
        QCryptographicHash::hash(valueOf(form, "code_verifier"_L1).toLatin1(), QCryptographicHash::Sha256)
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const bool good = kind == "authorization_code"_L1 && !m_code.isEmpty() && valueOf(form, "code"_L1) == m_code &&
                      valueOf(m_authorization, "code_challenge"_L1).toLatin1() == challenge &&
                      valueOf(form, "redirect_uri"_L1) == valueOf(m_authorization, "redirect_uri"_L1);
    m_code.clear();
    return good ? grant() : refuse(400, "invalid_grant"_L1);
}

FakeReply FakeDex::answerDevice(const QUrlQuery &form)
{
    if (valueOf(form, "device_code"_L1) != "a-device"_L1)
        return refuse(400, "invalid_grant"_L1);
    if (pendingAnswers-- > 0)
        return refuse(401, "authorization_pending"_L1);
    if (slowDowns-- > 0)
        return refuse(400, "slow_down"_L1);
    return grant();
}

FakeReply FakeDex::grant()
{
    const QString number = QString::number(++m_tokens);
    m_refresh = u"refresh-secret-"_s + number;
    return json({{"access_token"_L1, u"access-secret-"_s + number},
                 {"id_token"_L1, QString::fromLatin1(tokenPrefix) + u'-' + number},
                 {"refresh_token"_L1, m_refresh},
                 {"token_type"_L1, "bearer"_L1},
                 {"expires_in"_L1, lifetime}});
}

} // namespace danube::tests
