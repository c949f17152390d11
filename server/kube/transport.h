// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"
#include "server/kube/credentials.h"

#include <QNetworkAccessManager>

#include <memory>

class QNetworkReply;
class QNetworkRequest;

namespace danube::kube {

/// Puts requests on the wire: HTTP/1.1 over connections that are used again, with the cluster's TLS, credentials and
/// proxy. Redirects and cookies are refused; nothing is sent twice by itself unless the request may be.
class Transport
{
public:
    Transport(std::shared_ptr<Credentials> credentials, QByteArray userAgent);

    /// The reply is the caller's. Tls, Unauthorized, BadRequest: it could not even be tried.
    ApiResult<QNetworkReply *> send(const Request &request);
    Credentials &credentials() { return *m_credentials; }

private:
    ApiResult<QNetworkRequest> prepare(const Request &request);
    QNetworkReply *start(QNetworkRequest &prepared, const Request &request);

    std::shared_ptr<Credentials> m_credentials;
    QByteArray m_userAgent;
    QNetworkAccessManager m_network;
};

int httpCodeOf(const QNetworkReply &reply); ///< 0 = no answer came
/// Why a finished reply is no success; `body` as far as it came.
ApiError errorOf(const QNetworkReply &reply, const QByteArray &body);
/// 2xx and whole.
bool isSuccess(const QNetworkReply &reply);

} // namespace danube::kube
