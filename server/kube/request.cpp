// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/request.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::kube {

namespace resources {
const ResourceType pods{{}, u"v1"_s, u"pods"_s, u"Pod"_s};
const ResourceType secrets{{}, u"v1"_s, u"secrets"_s, u"Secret"_s};
const ResourceType events{{}, u"v1"_s, u"events"_s, u"Event"_s};
const ResourceType resourceQuotas{{}, u"v1"_s, u"resourcequotas"_s, u"ResourceQuota"_s};
const ResourceType ciliumNetworkPolicies{u"cilium.io"_s, u"v2"_s, u"ciliumnetworkpolicies"_s, u"CiliumNetworkPolicy"_s};
const ResourceType networkPolicies{u"networking.k8s.io"_s, u"v1"_s, u"networkpolicies"_s, u"NetworkPolicy"_s};
} // namespace resources

namespace {

const auto fieldManager = u"danube"_s;

QString apiVersionOf(const ResourceType &type)
{
    return type.group.isEmpty() ? type.version : type.group + u'/' + type.version;
}

QString collectionPath(const ResourceType &type, const QString &nameSpace)
{
    QString path = (type.group.isEmpty() ? u"/api/"_s : u"/apis/"_s) + apiVersionOf(type);
    if (!nameSpace.isEmpty())
        path += u"/namespaces/"_s + nameSpace;
    return path + u'/' + type.plural;
}

QString objectPath(const ResourceType &type, const QString &nameSpace, const QString &name)
{
    return collectionPath(type, nameSpace) + u'/' + name;
}

/// QUrlQuery takes "%41" in a value for an "A": a value arrives as it is only when it is encoded before.
void add(QUrlQuery &query, const QString &key, const QString &value)
{
    query.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
}

void addUnlessEmpty(QUrlQuery &query, const QString &key, const QString &value)
{
    if (!value.isEmpty())
        add(query, key, value);
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The items of a list carry neither kind nor apiVersion, and an object may be sent back.
QJsonObject withType(const ResourceType &type, QJsonObject object)
{
    object["apiVersion"_L1] = apiVersionOf(type);
    object["kind"_L1] = type.kind;
    return object;
}

Request patchRequest(const QString &path, const QByteArray &contentType, const QJsonObject &patch)
{
    Request request{.method = "PATCH", .path = path, .contentType = contentType, .body = compact(patch)};
    add(request.query, u"fieldManager"_s, fieldManager);
    add(request.query, u"fieldValidation"_s, u"Strict"_s);
    // A patch that names the version it was made for is a Conflict the second time.
    request.isRepeatable = !patch["metadata"_L1].toObject().contains("resourceVersion"_L1);
    return request;
}

} // namespace

QUrl urlOf(const QUrl &server, const Request &request)
{
    QUrl url = server;
    QString prefix = server.path(QUrl::FullyDecoded);
    while (prefix.endsWith(u'/'))
        prefix.chop(1);
    url.setPath(prefix + request.path, QUrl::DecodedMode);
    url.setQuery(request.query);
    return url;
}

namespace requests {

Request get(const ResourceType &type, const QString &nameSpace, const QString &name)
{
    return {.method = "GET", .path = objectPath(type, nameSpace, name), .isRepeatable = true};
}

Request list(const ResourceType &type, const QString &nameSpace, const ListOptions &options)
{
    Request request{.method = "GET", .path = collectionPath(type, nameSpace), .isRepeatable = true};
    addUnlessEmpty(request.query, u"labelSelector"_s, options.labelSelector);
    addUnlessEmpty(request.query, u"fieldSelector"_s, options.fieldSelector);
    if (options.limit > 0)
        add(request.query, u"limit"_s, QString::number(options.limit));
    addUnlessEmpty(request.query, u"continue"_s, options.continueToken);
    return request;
}

Request watch(const ResourceType &type, const QString &nameSpace, const WatchOptions &options)
{
    Request request{.method = "GET", .path = collectionPath(type, nameSpace)};
    add(request.query, u"watch"_s, u"1"_s);
    addUnlessEmpty(request.query, u"labelSelector"_s, options.labelSelector);
    addUnlessEmpty(request.query, u"resourceVersion"_s, options.resourceVersion);
    add(request.query, u"allowWatchBookmarks"_s, u"true"_s);
    add(request.query, u"timeoutSeconds"_s, QString::number(options.timeout.count()));
    request.deadline = options.timeout + seconds(30);
    return request;
}

Request create(const ResourceType &type, const QString &nameSpace, const QJsonObject &object)
{
    Request request{.method = "POST",
                    .path = collectionPath(type, nameSpace),
                    .contentType = "application/json",
                    .body = compact(withType(type, object))};
    add(request.query, u"fieldManager"_s, fieldManager);
    add(request.query, u"fieldValidation"_s, u"Strict"_s);
    return request;
}

Request apply(const ResourceType &type, const QString &nameSpace, const QString &name, const QJsonObject &object,
              bool force)
{
    // JSON is YAML; the media type "application/apply-patch+json" is refused (415).
    Request request =
        patchRequest(objectPath(type, nameSpace, name), "application/apply-patch+yaml", withType(type, object));
    if (force)
        add(request.query, u"force"_s, u"true"_s);
    return request;
}

Request mergePatch(const ResourceType &type, const QString &nameSpace, const QString &name, const QJsonObject &patch)
{
    return patchRequest(objectPath(type, nameSpace, name), "application/merge-patch+json", patch);
}

Request patchSubresource(const ResourceType &type, const QString &nameSpace, const QString &name,
                         const QString &subresource, const QJsonObject &patch)
{
    return patchRequest(objectPath(type, nameSpace, name) + u'/' + subresource,
                        "application/strategic-merge-patch+json", patch);
}

Request remove(const ResourceType &type, const QString &nameSpace, const QString &name, std::optional<seconds> grace,
               const QString &uid)
{
    QJsonObject options{
        {"kind"_L1, "DeleteOptions"_L1}, {"apiVersion"_L1, "v1"_L1}, {"propagationPolicy"_L1, "Background"_L1}};
    if (grace)
        options["gracePeriodSeconds"_L1] = static_cast<qint64>(grace->count());
    if (!uid.isEmpty())
        options["preconditions"_L1] = QJsonObject{{"uid"_L1, uid}};
    return {.method = "DELETE",
            .path = objectPath(type, nameSpace, name),
            .contentType = "application/json",
            .body = compact(options),
            .isRepeatable = true};
}

Request exec(const QString &nameSpace, const QString &pod, const ExecOptions &options)
{
    Request request{.method = "GET", .path = objectPath(resources::pods, nameSpace, pod) + u"/exec"_s};
    for (const QString &argument : options.command)
        add(request.query, u"command"_s, argument);
    addUnlessEmpty(request.query, u"container"_s, options.container);
    add(request.query, u"stdout"_s, u"true"_s);
    if (options.withStderr)
        add(request.query, u"stderr"_s, u"true"_s);
    if (options.withStdin)
        add(request.query, u"stdin"_s, u"true"_s);
    return request;
}

Request version()
{
    return {.method = "GET", .path = u"/version"_s, .isRepeatable = true};
}

Request accessReview(const QString &nameSpace, const QString &verb, const ResourceType &type,
                     const QString &subresource)
{
    const ResourceType reviews{u"authorization.k8s.io"_s, u"v1"_s, u"selfsubjectaccessreviews"_s,
                               u"SelfSubjectAccessReview"_s};
    QJsonObject attributes{{"namespace"_L1, nameSpace},
                           {"verb"_L1, verb},
                           {"group"_L1, type.group},
                           {"version"_L1, type.version},
                           {"resource"_L1, type.plural}};
    if (!subresource.isEmpty())
        attributes["subresource"_L1] = subresource;
    Request request = create(reviews, {}, {{"spec"_L1, QJsonObject{{"resourceAttributes"_L1, attributes}}}});
    request.isRepeatable = true; // nothing is stored
    return request;
}

} // namespace requests
} // namespace danube::kube
