// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/gate.h"
#include "server/guard/ipaddress.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/egress/policy.h"

#include <QStringList>

#include <map>
#include <set>
#include <vector>

namespace danube::guard {

/// Bounds of one guard, so of one job.
struct Limits
{
    int connections = 4096;       ///< at once; of more, the kernel's backlog waits
    int halfOpen = 1024;          ///< of them undecided: for more, the one that has waited longest is dropped
    milliseconds hello{10'000};   ///< for the first bytes of a client to be judged
    milliseconds connect{10'000}; ///< for one address of an upstream
    milliseconds idle{3'600'000}; ///< without a byte in either direction
    bool operator==(const Limits &) const = default;
};

/// A descriptor that was passed, by its place in the message.
struct Listener
{
    enum class Kind { DnsUdp, DnsTcp, Tcp, Dialer, Lifeline, Flows, Attempts };
    Kind kind = Kind::Tcp;
    uint16_t port = 0; ///< Tcp only
    bool operator==(const Listener &) const = default;
};

/// The first message on the control socket: docs/formats/guard.md.
struct GuardConfig
{
    QString job;
    QString pipeline;
    QString jobsNamespace;
    egress::Mode mode = egress::Mode::Enforce;
    QStringList entries;
    egress::CiliumVersion cilium;
    QString flows;
    QString usage;
    std::optional<Endpoint> rpc;
    std::optional<Endpoint> resolver;
    std::map<std::string, std::vector<Endpoint>> hosts; ///< by canonical name; port 0: the one asked for
    std::set<std::string> mayBePrivate;                 ///< canonical names
    EncryptedHello encryptedHello = EncryptedHello::Refuse;
    Limits limits;
    std::vector<Listener> listeners;
};

constexpr qsizetype maxConfigBytes = 64 << 10;
constexpr size_t maxListeners = 64;

/// InvalidArgument names the member. Unknown members are refused.
Result<GuardConfig> parseGuardConfig(const QByteArray &message);

} // namespace danube::guard
