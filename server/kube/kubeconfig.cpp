// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/kubeconfig.h"

#include <yaml-cpp/yaml.h>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qsizetype largestKubeconfig = 1 << 20;

std::unexpected<Error> refuse(const QString &message)
{
    return fail(ErrorCode::InvalidArgument, message);
}

/// Undefined when there is none; asking an undefined node for its type would throw.
YAML::Node child(const YAML::Node &node, const char *key)
{
    return node.IsDefined() && node.IsMap() ? node[key] : YAML::Node(YAML::NodeType::Undefined);
}

bool isPresent(const YAML::Node &node)
{
    return node.IsDefined() && !node.IsNull();
}

/// Reads the fields of one object and keeps the first error. Absent, null and "" are the same.
class Fields
{
public:
    Fields(const YAML::Node &node, QString object) : m_node(node), m_object(std::move(object)) {}

    QByteArray bytes(const char *key)
    {
        const YAML::Node value = child(m_node, key);
        if (!isPresent(value))
            return {};
        if (value.IsScalar())
            return QByteArray::fromStdString(value.Scalar());
        keep(u"%1 is not a text"_s.arg(QLatin1StringView(key)));
        return {};
    }
    QString text(const char *key) { return QString::fromUtf8(bytes(key)); }
    bool flag(const char *key)
    {
        const QByteArray value = bytes(key);
        if (value != "true" && value != "false" && !value.isEmpty())
            keep(u"%1 is neither true nor false"_s.arg(QLatin1StringView(key)));
        return value == "true";
    }
    void refuseIfPresent(const char *key, const QString &why)
    {
        if (isPresent(child(m_node, key)))
            keep(why);
    }
    void keep(const QString &problem)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidArgument, u"%1: %2"_s.arg(m_object, problem)};
    }
    const std::optional<Error> &error() const { return m_error; }

private:
    YAML::Node m_node;
    QString m_object;
    std::optional<Error> m_error;
};

/// The list and the entry's field have names of their own: contexts/context, clusters/cluster, users/user.
struct ListName
{
    const char *list;
    const char *entry;
};

Result<Fields> findNamed(const YAML::Node &root, ListName names, const QString &wanted)
{
    const YAML::Node list = child(root, names.list);
    QStringList others;
    if (isPresent(list) && list.IsSequence()) {
        for (const auto &item : list) {
            const YAML::Node name = child(item, "name");
            if (!isPresent(name) || !name.IsScalar())
                continue;
            others.append(QString::fromStdString(name.Scalar()));
            if (others.last() == wanted)
                return Fields(child(item, names.entry), u"%1 \"%2\""_s.arg(QLatin1StringView(names.entry), wanted));
        }
    }
    const QString there = others.isEmpty() ? u"there is none"_s : u"there are: "_s + others.mid(0, 20).join(u", "_s);
    return refuse(u"%1 \"%2\" not found (%3)"_s.arg(QLatin1StringView(names.entry), wanted, there));
}

std::optional<Error> readCluster(Fields &&cluster, KubeconfigEntry &entry)
{
    entry.server = cluster.text("server");
    entry.caFile = cluster.text("certificate-authority");
    entry.caData = cluster.bytes("certificate-authority-data");
    entry.tlsServerName = cluster.text("tls-server-name");
    entry.proxyUrl = cluster.text("proxy-url");
    entry.isInsecure = cluster.flag("insecure-skip-tls-verify");
    return cluster.error();
}

std::optional<Error> readUser(Fields &&user, KubeconfigEntry &entry)
{
    const auto advice = u" (use a token or a client certificate)"_s;
    user.refuseIfPresent("exec", u"exec plugins are not supported"_s + advice);
    user.refuseIfPresent("auth-provider", u"auth-provider plugins are not supported"_s + advice);
    for (const char *key : {"username", "password"})
        user.refuseIfPresent(key, u"passwords are not supported"_s + advice);
    for (const char *key : {"as", "as-uid", "as-groups", "as-user-extra"})
        user.refuseIfPresent(key, u"impersonation (%1) is not supported"_s.arg(QLatin1StringView(key)));
    entry.token = Secret(user.bytes("token").trimmed());
    entry.tokenFile = user.text("tokenFile");
    entry.certificateFile = user.text("client-certificate");
    entry.certificateData = user.bytes("client-certificate-data");
    entry.keyFile = user.text("client-key");
    entry.keyData = Secret(user.bytes("client-key-data"));
    return user.error();
}

/// Throws what yaml-cpp throws.
Result<KubeconfigEntry> readEntry(const YAML::Node &root, QString contextName)
{
    Fields top(root, u"the file"_s);
    const QString kind = top.text("kind");
    if (!root.IsMap() || (!kind.isEmpty() && kind != "Config"_L1))
        return refuse(u"this is no kubeconfig (kind: Config)"_s);
    if (contextName.isEmpty())
        contextName = top.text("current-context");
    if (contextName.isEmpty())
        return refuse(u"no context was asked for and there is no current-context"_s);

    KubeconfigEntry entry;
    auto context = findNamed(root, {"contexts", "context"}, contextName);
    if (!context)
        return std::unexpected(context.error());
    entry.clusterName = context->text("cluster");
    entry.userName = context->text("user");
    entry.defaultNamespace = context->text("namespace");
    if (context->error())
        return std::unexpected(*context->error());

    auto cluster = findNamed(root, {"clusters", "cluster"}, entry.clusterName);
    if (!cluster)
        return std::unexpected(cluster.error().in(u"context \"%1\""_s.arg(contextName)));
    if (const auto error = readCluster(*std::move(cluster), entry))
        return std::unexpected(*error);

    auto user = findNamed(root, {"users", "user"}, entry.userName);
    if (!user)
        return std::unexpected(user.error().in(u"context \"%1\""_s.arg(contextName)));
    if (const auto error = readUser(*std::move(user), entry))
        return std::unexpected(*error);
    return entry;
}

} // namespace

Result<KubeconfigEntry> readKubeconfigEntry(const QByteArray &yaml, const QString &context)
{
    if (yaml.size() > largestKubeconfig)
        return refuse(u"larger than 1 MiB"_s);
    try {
        return readEntry(YAML::Load(yaml.toStdString()), context);
    } catch (const YAML::Exception &exception) {
        return refuse(u"malformed YAML: line %1, column %2: %3"_s.arg(exception.mark.line + 1)
                          .arg(exception.mark.column + 1)
                          .arg(QString::fromStdString(exception.msg)));
    } catch (const std::exception &) { // no exception crosses the border of a module
        return refuse(u"malformed YAML"_s);
    }
}

} // namespace danube::kube
