// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QByteArray>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

#include <optional>

namespace danube::kube {

/// A kind of object as the API names it.
struct ResourceType
{
    QString group; ///< empty = core
    QString version;
    QString plural;
    QString kind;
    bool operator==(const ResourceType &) const = default;
};

namespace resources {
extern const ResourceType pods;
extern const ResourceType secrets;
extern const ResourceType events;
extern const ResourceType resourceQuotas;
extern const ResourceType ciliumNetworkPolicies; ///< cilium.io/v2
extern const ResourceType networkPolicies;       ///< networking.k8s.io/v1
} // namespace resources

/// One HTTP request to the API server, independent of any connection.
struct Request
{
    QByteArray method{}; ///< "GET", "POST", "PATCH", "DELETE"
    QString path{};      ///< decoded, without the server's prefix; its names are those the API allows: no '/'
    QUrlQuery query{};   ///< percent-encoded; '+' of a value is written %2B
    QByteArray contentType{};
    QByteArray body{};
    milliseconds deadline{30'000}; ///< for the whole answer, retries included
    /// Sent again by itself after a lost connection or a 5xx: it does the same when done twice.
    bool isRepeatable = false;
};

/// The whole address of the request on `server`; for a request line: url.path(FullyEncoded) + '?' +
/// url.query(FullyEncoded).
QUrl urlOf(const QUrl &server, const Request &request);

/// Pure builders (source of the forms: the Kubernetes API reference; recorded facts in docs/adr).
namespace requests {

struct ListOptions
{
    QString labelSelector{};
    QString fieldSelector{};
    int limit = 500;
    QString continueToken{};
};
struct WatchOptions
{
    QString labelSelector{};
    QString resourceVersion{};
    seconds timeout{300};
};
struct ExecOptions
{
    QString container{};
    QStringList command{};
    bool withStdin = true;
    bool withStderr = true;
};

Request get(const ResourceType &type, const QString &nameSpace, const QString &name);
Request list(const ResourceType &type, const QString &nameSpace, const ListOptions &options = {});
Request watch(const ResourceType &type, const QString &nameSpace, const WatchOptions &options);
/// Always with fieldValidation=Strict: an unknown field of a policy would be dropped without a word.
Request create(const ResourceType &type, const QString &nameSpace, const QJsonObject &object);
/// Server-side apply, fieldManager "danube". As with create, kind and apiVersion are set from `type`, and unknown
/// fields are refused.
Request apply(const ResourceType &type, const QString &nameSpace, const QString &name, const QJsonObject &object,
              bool force = false);
Request mergePatch(const ResourceType &type, const QString &nameSpace, const QString &name, const QJsonObject &patch);
/// Strategic merge patch of a subresource, say pods/ephemeralcontainers.
Request patchSubresource(const ResourceType &type, const QString &nameSpace, const QString &name,
                         const QString &subresource, const QJsonObject &patch);
/// DELETE, dependents in the background. Repeatable: what is already gone answers 404. `uid` guards against an object
/// that was made anew under the same name (409).
Request remove(const ResourceType &type, const QString &nameSpace, const QString &name,
               std::optional<seconds> grace = {}, const QString &uid = {});
/// GET …/exec with all its query; the WebSocket part is ExecConnection's.
Request exec(const QString &nameSpace, const QString &pod, const ExecOptions &options);
Request version();
/// POST selfsubjectaccessreviews: may we `verb` the resource (or "pods/exec")?
Request accessReview(const QString &nameSpace, const QString &verb, const ResourceType &type,
                     const QString &subresource = {});

} // namespace requests
} // namespace danube::kube
