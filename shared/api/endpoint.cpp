// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/endpoint.h"

using namespace Qt::StringLiterals;

namespace danube::api {

QUrl Endpoint::url(protocol::RouteId route, const QStringList &values, const QUrlQuery &query) const
{
    // Joined as text: QUrl::setPath() would decode a %2F inside a value.
    QString base = baseUrl.toString(QUrl::FullyEncoded);
    if (base.endsWith(u'/'))
        base.chop(1);
    QUrl result(base + protocol::pathOf(route, values), QUrl::StrictMode);
    if (!query.isEmpty())
        result.setQuery(query);
    return result;
}

QNetworkRequest Endpoint::request(const QUrl &url) const
{
    QNetworkRequest request(url);
    request.setRawHeader("User-Agent", "danube/" DANUBE_VERSION);
    // Neither is a compressed stream flushed event by event, nor does a range of compressed bytes mean anything here.
    request.setRawHeader("Accept-Encoding", "identity");
    // A redirect could carry the token to somebody else; the API has none.
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    const bool isOwnOrigin = url.scheme() == baseUrl.scheme() && url.authority() == baseUrl.authority();
    if (hasToken() && isOwnOrigin)
        request.setRawHeader("Authorization", "Bearer " + token->reveal());
    return request;
}

Result<Endpoint> endpointFromText(const QString &url, Secret token)
{
    const QString trimmed = url.trimmed();
    const QUrl parsed(trimmed.contains("://"_L1) ? trimmed : "http://"_L1 + trimmed, QUrl::StrictMode);
    const bool isHttp = parsed.scheme() == "http"_L1 || parsed.scheme() == "https"_L1;
    if (trimmed.isEmpty() || !parsed.isValid() || !isHttp || parsed.host().isEmpty())
        return fail(ErrorCode::InvalidArgument, u"'%1' is no address of a master (expected for example %2)"_s.arg(
                                                    parsed.toDisplayString(), u"http://127.0.0.1:8080"_s));
    if (!parsed.userInfo().isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"the address of a master takes no user name or password: use a token"_s);
    if (parsed.hasQuery() || parsed.hasFragment())
        return fail(ErrorCode::InvalidArgument,
                    u"the address of a master takes no query or fragment: '%1'"_s.arg(trimmed));
    Endpoint endpoint{parsed, nullptr};
    if (!token.isEmpty())
        endpoint.token = std::make_shared<const Secret>(std::move(token));
    return endpoint;
}

} // namespace danube::api
