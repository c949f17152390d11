// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/protocol/routes.h"

#include <QNetworkRequest>
#include <QUrl>
#include <QUrlQuery>

#include <memory>

namespace danube::api {

/// Where a master is and what opens it. A value: copies share the token, which is wiped with the last of them.
struct Endpoint
{
    QUrl baseUrl;                        ///< http or https, no query; a path is a prefix of every route
    std::shared_ptr<const Secret> token; ///< null = none

    bool hasToken() const { return token && !token->isEmpty(); }
    /// The URL of a route, its `{…}` filled in order.
    QUrl url(protocol::RouteId route, const QStringList &values = {}, const QUrlQuery &query = {}) const;
    /// A request with authorization (only to this endpoint's own origin), user agent and no redirects.
    QNetworkRequest request(const QUrl &url) const;
};

/// "master.example.org:8080", "https://host/prefix": http is assumed; InvalidArgument for anything but http(s) with a
/// host. Refuses user info in the URL: it would end up in logs.
Result<Endpoint> endpointFromText(const QString &url, Secret token = {});

} // namespace danube::api
