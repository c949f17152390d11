// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/entry.h"

#include <QJsonObject>
#include <QMap>

/// What a policy is made from and what comes out. Plain values; who applies them is server/egress.
namespace danube::egress {

using Labels = QMap<QString, QString>;

/// Pods of one namespace by their labels.
struct Peer
{
    QString nameSpace;
    Labels labels;
    bool operator==(const Peer &) const = default;
};

/// One port of a Service. Policies apply behind the Service, so the pods' port is what they name.
struct ServicePort
{
    quint16 port = 0;
    QString target{}; ///< the pods' port, a number or a name; empty = port
    bool operator==(const ServicePort &) const = default;
};

/// A Service of the cluster as far as policies need it: its pods and its TCP ports.
struct Service
{
    QString name;
    Peer pods; ///< the Service's namespace and selector; a Service without selector cannot be opened
    QList<ServicePort> ports;
    bool operator==(const Service &) const = default;
};

enum class Mode {
    Enforce, ///< only what the lists name
    Audit,   ///< the world is open, DNS is open but watched: shows what a list would refuse
};
QString modeName(Mode mode); ///< "enforce", "audit"

struct PolicySettings
{
    QString instance = QStringLiteral("danube"); ///< in names and labels; DNS-1123 label
    QString jobsNamespace = QStringLiteral("danube-jobs");
    /// Base policies select only pods labelled danube.dev/instance=<instance>, for masters that share a namespace. Pods
    /// without that label are then guarded by nobody.
    bool selectsInstanceOnly = false;
    CiliumVersion cilium{};
    ClusterNames cluster{};
    QList<Peer> dns{{QStringLiteral("kube-system"), {{QStringLiteral("k8s-app"), QStringLiteral("kube-dns")}}}};
    quint16 dnsPort = 53; ///< of the DNS pods (OpenShift: 5353)
    Service master{QStringLiteral("master"),
                   {QStringLiteral("danube-system"),
                    {{QStringLiteral("app.kubernetes.io/name"), QStringLiteral("danube-master")}}},
                   {{9000, {}}}};
    QList<Service> services{}; ///< that entries may name: the registry, for one
    /// Refused whatever a list says: addresses that hand out cloud credentials, should an allowed name lead there.
    QStringList deniedCidrs{QStringLiteral("100.100.100.200/32"), QStringLiteral("169.254.169.254/32"),
                            QStringLiteral("169.254.170.2/32"), QStringLiteral("fd00:ec2::254/128")};
    /// Only for the fallback without names: what jobs may reach on TCP 80 and 443.
    QStringList fallbackCidrs{};
};

struct PipelineList
{
    QString pipeline;
    QStringList allowlist; ///< added to the base list
    Mode mode = Mode::Enforce;
};

struct PolicyRequest
{
    QStringList allowlist; ///< for every job
    Mode mode = Mode::Enforce;
    QList<PipelineList> pipelines{};
};

struct PolicySet
{
    QList<QJsonObject> objects; ///< complete manifests, base first, then by pipeline; same input, same bytes
    QStringList notes;          ///< what the objects do not open or cannot check, one sentence each
    QString digest;             ///< "sha256:<hex>" of all specs: names the policy in provenance
};

/// A pipeline's name as labels and object names have it: cut to 63 characters, alphanumeric at both ends; empty when
/// nothing is left.
QString pipelineLabel(const QString &pipeline);

/// Longest object that is sent: etcd refuses 1.5 MiB.
constexpr qsizetype maxPolicyBytes = 1'000'000;
constexpr qsizetype maxPipelines = 1000;

/// cilium.io/v2 CiliumNetworkPolicy objects: "<instance>-egress" for the namespace, "<instance>-egress-audit" when the
/// base mode is audit, "<instance>-egress-pipeline-<name>" for each pipeline that adds to it. InvalidArgument names
/// list and entry, or a range that is none; ResourceExhausted names a bound. See docs/adr/0040.
Result<PolicySet> compileCilium(const PolicyRequest &request, const PolicySettings &settings);

/// networking.k8s.io/v1 NetworkPolicy objects for clusters without Cilium: names cannot be enforced, so all is refused
/// but DNS, the master, named Services and settings.fallbackCidrs. Marked by the annotation danube.dev/enforcement
/// "weaker: …". Same errors.
Result<PolicySet> compileFallback(const PolicyRequest &request, const PolicySettings &settings);

} // namespace danube::egress
