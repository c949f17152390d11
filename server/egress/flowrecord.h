// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <variant>

namespace danube::egress {

/// One side of a flow. Texts are cut to their bounds, lists too.
struct FlowPeer
{
    QString nameSpace;
    QString pod;
    QString address;
    QStringList names;        ///< DNS names the address was looked up by
    QString service;          ///< "name.namespace.svc"; empty = none
    QString job;              ///< label danube.dev/job; empty = none
    bool isWorld = false;     ///< outside of the cluster
    bool isApiServer = false; ///< the Kubernetes API server
    bool operator==(const FlowPeer &) const = default;
};

struct DnsRecord
{
    QString query;           ///< without the trailing dot
    QStringList addresses{}; ///< of an answer
    int code = 0;            ///< 5 = REFUSED
    bool isAnswer = false;
    bool operator==(const DnsRecord &) const = default;
};

/// One flow as Hubble writes it: the export file, or `hubble observe -o jsonpb` and `-o json`. Field names:
/// api/v1/flow/flow.proto of cilium/cilium, in protobuf's JSON form.
struct FlowRecord
{
    enum class Verdict { Other, Forwarded, Dropped, Error, Audit };
    enum class Direction { Unknown, Ingress, Egress };

    WallTime time{};
    Verdict verdict = Verdict::Other;
    QString dropReason; ///< "POLICY_DENIED"
    Direction direction = Direction::Unknown;
    bool isReply = false;
    bool isSeventhLayer = false; ///< a proxy's record of one request
    FlowPeer source;
    FlowPeer destination;
    QString protocol; ///< "TCP", "UDP", "SCTP", "ICMPv4", "ICMPv6"; empty = unknown
    quint16 port = 0; ///< of the destination
    std::optional<DnsRecord> dns;
    bool operator==(const FlowRecord &) const = default;
};

/// Hubble could not keep up: so many events are missing.
struct LostFlows
{
    quint64 count = 0;
    bool operator==(const LostFlows &) const = default;
};
struct OtherLine ///< node status, agent events
{
    bool operator==(const OtherLine &) const = default;
};
using FlowLine = std::variant<FlowRecord, LostFlows, OtherLine>;

/// Reads lines; keeps its buffers from line to line. Not for two threads at once.
class FlowReader
{
public:
    static constexpr qsizetype maxLine = 64 << 10; ///< bytes; real ones have about 1.5 KiB

    FlowReader();
    ~FlowReader();
    /// Unknown members are passed over. ResourceExhausted: too long. Protocol: no JSON object, or a member of the wrong
    /// type.
    Result<FlowLine> read(QByteArrayView line);

private:
    struct Buffers;
    std::unique_ptr<Buffers> m_buffers;
};

} // namespace danube::egress
