// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/guardconfig.h"

#include "server/guard/hostname.h"
#include "shared/core/id.h"
#include "shared/core/jsonreader.h"
#include "shared/egress/linter.h"

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

std::optional<Endpoint> readEndpoint(JsonReader &reader, QLatin1StringView key)
{
    const QString text = reader.string(key).value_or(QString());
    if (text.isEmpty())
        return std::nullopt;
    const auto endpoint = Endpoint::parse(text.toStdString());
    if (!endpoint || endpoint->port == 0)
        reader.refuse(key, u"an address and a port"_s);
    return endpoint;
}

void readEntries(JsonReader &reader, GuardConfig &config)
{
    constexpr auto key = "entries"_L1;
    config.entries = reader.stringList(key).value_or(QStringList());
    if (config.entries.size() > egress::maxEntries)
        reader.refuse(key, u"at most %1 entries"_s.arg(egress::maxEntries));
    for (const QString &entry : std::as_const(config.entries)) {
        if (!egress::Entry::parse(entry))
            reader.refuse(key, u"entries of an allowlist, which \"%1\" is none of"_s.arg(entry));
    }
    if (const auto version = reader.string("cilium_version"_L1)) {
        if (const auto parsed = egress::parseCiliumVersion(*version))
            config.cilium = *parsed;
        else
            reader.refuse("cilium_version"_L1, u"one like 1.19"_s);
    }
}

/// "hosts": {name: [address or address:port]}
void readHosts(JsonReader &reader, GuardConfig &config)
{
    constexpr auto key = "hosts"_L1;
    const QJsonObject hosts = reader.object(key).value_or(QJsonObject());
    for (const QString &host : hosts.keys()) {
        const std::string name = canonicalHostName(host.toStdString());
        std::vector<Endpoint> &endpoints = config.hosts[name];
        const QJsonArray addresses = hosts[host].toArray();
        for (const auto &each : addresses) {
            if (const auto endpoint = Endpoint::parse(each.toString().toStdString()))
                endpoints.push_back(*endpoint);
        }
        if (name.empty() || endpoints.empty() || std::ssize(endpoints) != addresses.size())
            reader.refuse(key, u"names and their addresses, not so \"%1\""_s.arg(host));
    }
    for (const QString &host : reader.stringList("private_ok"_L1).value_or(QStringList())) {
        const std::string name = canonicalHostName(host.toStdString());
        if (name.empty())
            reader.refuse("private_ok"_L1, u"host names, which \"%1\" is none of"_s.arg(host));
        config.mayBePrivate.insert(name);
    }
}

template <class Enum>
Enum readWord(JsonReader &reader, QLatin1StringView key, QLatin1StringView first, Enum one, QLatin1StringView second,
              Enum two)
{
    const QString word = reader.string(key).value_or(first);
    if (word != first && word != second)
        reader.refuse(key, u"\"%1\" or \"%2\""_s.arg(first, second));
    return word == second ? two : one;
}

void readLimits(JsonReader &reader, Limits &limits)
{
    limits.connections = static_cast<int>(reader.integer("connections"_L1, 1, 100'000).value_or(limits.connections));
    limits.halfOpen = static_cast<int>(reader.integer("half_open"_L1, 1, 100'000).value_or(limits.halfOpen));
    const std::pair<QLatin1StringView, milliseconds *> times[]{
        {"hello_ms"_L1, &limits.hello}, {"connect_ms"_L1, &limits.connect}, {"idle_ms"_L1, &limits.idle}};
    for (const auto &[key, time] : times)
        *time = milliseconds(reader.integer(key, 1, 86'400'000).value_or(time->count()));
}

Result<Listener> readListener(const QJsonObject &object, qsizetype index)
{
    static const QHash<QString, Listener::Kind> kinds{
        {u"dns-udp"_s, Listener::Kind::DnsUdp}, {u"dns-tcp"_s, Listener::Kind::DnsTcp},
        {u"tcp"_s, Listener::Kind::Tcp},        {u"tcp6"_s, Listener::Kind::Tcp},
        {u"dialer"_s, Listener::Kind::Dialer},  {u"lifeline"_s, Listener::Kind::Lifeline},
        {u"flows"_s, Listener::Kind::Flows},    {u"attempts"_s, Listener::Kind::Attempts}};
    JsonReader reader(object, u"listeners[%1]"_s.arg(index));
    const auto kind = kinds.constFind(reader.requiredString("kind"_L1));
    if (kind == kinds.cend())
        reader.refuse("kind"_L1, u"dns-udp, dns-tcp, tcp, tcp6, dialer, lifeline, flows or attempts"_s);
    Listener listener{kind == kinds.cend() ? Listener::Kind::Tcp : *kind, 0};
    if (listener.kind == Listener::Kind::Tcp) {
        const auto port = reader.integer("port"_L1, 1, 65535);
        if (!port)
            reader.refuse("port"_L1, u"a port"_s);
        listener.port = static_cast<uint16_t>(port.value_or(0));
    }
    const auto finished = reader.finish(UnknownFields::Ignore);
    return finished ? Result<Listener>(listener) : std::unexpected(finished.error());
}

Result<std::vector<Listener>> readListeners(const QJsonArray &array)
{
    std::vector<Listener> listeners;
    for (const auto &each : array) {
        const auto listener = readListener(each.toObject(), static_cast<qsizetype>(listeners.size()));
        if (!listener)
            return std::unexpected(listener.error());
        listeners.push_back(*listener);
    }
    if (listeners.size() > maxListeners)
        return fail(ErrorCode::InvalidArgument, u"listeners: expected at most %1"_s.arg(maxListeners));
    if (std::ranges::count(listeners, Listener::Kind::Lifeline, &Listener::kind) != 1)
        return fail(ErrorCode::InvalidArgument, u"listeners: expected one lifeline"_s);
    return listeners;
}

} // namespace

Result<GuardConfig> parseGuardConfig(const QByteArray &message)
{
    const auto object = parseJsonObject(message);
    if (!object)
        return std::unexpected(object.error().in(u"guard's configuration"_s));
    JsonReader reader(*object);
    GuardConfig config;
    config.job = reader.requiredString("job"_L1);
    if (!isSafeId(config.job))
        reader.refuse("job"_L1, u"a job's id"_s);
    config.pipeline = reader.string("pipeline"_L1).value_or(QString());
    config.jobsNamespace = reader.string("namespace"_L1).value_or(u"danube-jobs"_s);
    reader.requiredString("mode"_L1);
    config.mode = readWord(reader, "mode"_L1, "enforce"_L1, egress::Mode::Enforce, "audit"_L1, egress::Mode::Audit);
    config.encryptedHello =
        readWord(reader, "ech"_L1, "refuse"_L1, EncryptedHello::Refuse, "outer"_L1, EncryptedHello::Outer);
    readEntries(reader, config);
    readHosts(reader, config);
    config.flows = reader.string("flows"_L1).value_or(QString());
    config.usage = reader.string("usage"_L1).value_or(QString());
    config.rpc = readEndpoint(reader, "rpc"_L1);
    config.resolver = readEndpoint(reader, "resolver"_L1);
    JsonReader limits(reader.object("limits"_L1).value_or(QJsonObject()), u"limits"_s);
    readLimits(limits, config.limits);
    const QJsonArray listeners = reader.array("listeners"_L1).value_or(QJsonArray());
    for (const auto &finished : {reader.finish(UnknownFields::Refuse), limits.finish(UnknownFields::Refuse)}) {
        if (!finished)
            return std::unexpected(finished.error());
    }
    auto read = readListeners(listeners);
    if (!read)
        return std::unexpected(read.error());
    config.listeners = *std::move(read);
    return config;
}

} // namespace danube::guard
