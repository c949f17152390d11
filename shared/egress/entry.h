// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/pattern.h"

#include <optional>

namespace danube::egress {

/// What makes a name one of the cluster's own. Fixed by configuration and never looked up, so that the same list means
/// the same on a laptop and in the master.
struct ClusterNames
{
    QString domain = QStringLiteral("cluster.local");
    /// Namespaces that "service.namespace" may name. A namespace with a '-' is known without being listed: no public
    /// top-level domain has one, but "xn--…".
    QStringList namespaces{QStringLiteral("danube-system"), QStringLiteral("danube-jobs"),
                           QStringLiteral("kube-system"), QStringLiteral("default")};
    bool operator==(const ClusterNames &) const = default;
};

/// Why a text is no entry of an allowlist. All are errors of the linter; the compiler refuses them.
enum class EntryDefect {
    Empty,
    Blank,        ///< blanks around or inside
    TooLong,      ///< name of more than 255 characters
    BadCharacter, ///< foreign to names and patterns
    Unicode,      ///< not ASCII: write the xn-- form
    EmptyLabel,   ///< "..", or a dot in front
    LabelTooLong, ///< a label of more than 63 characters
    Url,          ///< scheme, path, user or query
    IpAddress,
    Cidr,
    BadPort,           ///< not 1..65535 in decimal
    InClusterWildcard, ///< '*' in a name of the cluster
    InClusterShape,    ///< ends in "svc" or the cluster's domain, but is not name.namespace.svc
    ApiServer,         ///< kubernetes.default: jobs never reach it
};

/// One entry of an allowlist: a public name or pattern, or a Service of the cluster, with or without a port.
class Entry
{
public:
    static std::expected<Entry, EntryDefect> parse(QStringView text, const ClusterNames &cluster = {});

    const Pattern &pattern() const { return m_pattern; } ///< in-cluster: service.namespace.svc.<domain>
    bool isInCluster() const { return !m_service.isEmpty(); }
    const QString &service() const { return m_service; } ///< in-cluster only
    const QString &serviceNamespace() const { return m_namespace; }
    std::optional<quint16> port() const { return m_port; }

    /// Public: 80 and 443, or the one port written. In-cluster without a port: every port of the Service.
    bool opens(quint16 port) const;
    bool matches(QStringView host, quint16 port,
                 CiliumVersion version = {}) const; ///< host as canonicalHost() gives it
    /// Everything that `other` allows is allowed by this. No pattern covers a Service: toFQDNs never matches the
    /// cluster's own addresses.
    bool covers(const Entry &other, CiliumVersion version = {}) const;
    /// Canonical: "github.com", "*.example.org:8443", "registry.danube-system:5000".
    QString text() const;
    Entry withPort(std::optional<quint16> port) const;

    bool operator==(const Entry &) const = default;

private:
    Pattern m_pattern;
    std::optional<quint16> m_port;
    QString m_service;
    QString m_namespace;
};

/// The name to ask entries about: canonicalName(), and "service.namespace" and "service.namespace.svc" written out to
/// the cluster's domain. Empty for what is no name.
QString canonicalHost(QStringView host, const ClusterNames &cluster = {});

/// Canonical texts of entries with the port; nullopt unless all texts are entries.
std::optional<QStringList> entryTexts(const QStringList &texts, std::optional<quint16> port,
                                      const ClusterNames &cluster);

bool isAddressRange(QStringView text); ///< "10.0.0.0/8", "2001:db8::/32": an address and a prefix length it can have
bool isIpAddress(QStringView text);    ///< IPv4 in dotted decimal; IPv6, also in brackets

} // namespace danube::egress
