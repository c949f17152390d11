// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/sandboxwiring.h"

#include "shared/egress/entry.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QProcess>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

Q_LOGGING_CATEGORY(sandboxLog, "danube.sandbox")

constexpr int probePatience = 20'000; // ms
constexpr qint64 largeFlows = 64 << 20;
constexpr qsizetype maxPorts = 24; // of danube-sandbox

QString probe(const SandboxPrograms &programs)
{
    if (!QFileInfo(programs.guard).isExecutable())
        return u"%1 is missing"_s.arg(programs.guard);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QStringList arguments{u"probe"_s};
    for (const QString &path : programs.visible)
        arguments << u"--show"_s << path;
    process.start(programs.sandbox, arguments, QIODevice::ReadOnly);
    if (!process.waitForFinished(probePatience)) {
        const QString why = process.errorString();
        process.kill();
        process.waitForFinished();
        return u"%1: %2"_s.arg(programs.sandbox, why);
    }
    const QString said = QString::fromLocal8Bit(process.readAll()).trimmed();
    const bool isGood = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    return isGood ? QString() : (said.isEmpty() ? u"danube-sandbox failed"_s : said);
}

QList<quint16> portsOf(const QStringList &entries, const egress::ClusterNames &cluster)
{
    QList<quint16> ports{80, 443};
    for (const QString &text : entries) {
        const auto entry = egress::Entry::parse(text, cluster);
        if (entry && entry->port() && !ports.contains(*entry->port()))
            ports.append(*entry->port());
    }
    return ports;
}

QJsonObject hostsOf(const QStringList &mappings)
{
    QJsonObject hosts;
    for (const QString &mapping : mappings) {
        const QString name = mapping.section(u'=', 0, 0);
        QJsonArray places = hosts.value(name).toArray();
        places.append(mapping.section(u'=', 1));
        hosts.insert(name, places);
    }
    return hosts;
}

} // namespace

egress::JobGuard findGuard(const config::LocalConfig &config, const SandboxPrograms &programs)
{
    using Kind = egress::JobGuard::Kind;
    if (config.egress == "off"_L1)
        return {};
    egress::JobGuard guard{.kind = config.egress == "audit"_L1 ? Kind::Audit : Kind::Enforce};
    const QString refused = probe(programs);
    if (refused.isEmpty())
        return guard;
    const QString consequence = guard.kind == Kind::Audit
                                    ? u"nothing guards what jobs reach"_s
                                    : u"no job is run (local.egress = \"off\" runs them unguarded)"_s;
    guard.trouble = u"local.egress is \"%1\", but this machine does not allow it (%2): %3"_s.arg(config.egress, refused,
                                                                                                 consequence);
    qCWarning(sandboxLog).noquote() << u"jobs not guarded egress=none reason=\"%1\""_s.arg(guard.trouble);
    return guard;
}

Result<void> prepareFlows(const QString &path, const QString &jobsDirectory)
{
    QFile file(path);
    const bool mayForget = file.size() > largeFlows && QDir(jobsDirectory).isEmpty(QDir::Dirs | QDir::NoDotAndDotDot);
    if (!file.open(mayForget ? QIODevice::WriteOnly : QIODevice::Append))
        return fail(ErrorCode::Io, u"open %1: %2"_s.arg(path, file.errorString()));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return {};
}

local::SandboxSettings sandboxSettings(const ExecutorNeeds &needs, const SandboxPrograms &programs)
{
    return {.program = programs.sandbox,
            .guardProgram = programs.guard,
            .flowsFile = needs.directory.egressFlows(),
            .visible = programs.visible + needs.config.local.visiblePaths,
            .plan = [config = needs.config, lists = needs.lists](const jobs::JobLaunch &launch) {
                return guardPlan(config, lists(), launch);
            }};
}

Result<local::GuardPlan> guardPlan(const config::Config &config, const egress::EgressLists &lists,
                                   const jobs::JobLaunch &launch)
{
    const QString &pipeline = launch.job.pipeline;
    const egress::Allowlists allowed = lists.of(pipeline);
    const QStringList entries = allowed.base + allowed.pipeline;
    egress::ClusterNames cluster;
    const auto ports = portsOf(entries, cluster);
    if (ports.size() > maxPorts)
        return fail(
            ErrorCode::InvalidArgument,
            u"egress_allowlist: %1 different ports, at most %2 can be served"_s.arg(ports.size()).arg(maxPorts));
    const bool isAudit = config.local.egress == "audit"_L1 || lists.modeOf(pipeline) == egress::Mode::Audit;
    const QUrl rpc(launch.rpcUrl);
    const QString host = rpc.host().contains(u':') ? u'[' + rpc.host() + u']' : rpc.host();
    const QJsonObject object{{u"job"_s, launch.job.id.value()},
                             {u"pipeline"_s, pipeline},
                             {u"mode"_s, isAudit ? u"audit"_s : u"enforce"_s},
                             {u"entries"_s, QJsonArray::fromStringList(entries)},
                             {u"cilium_version"_s, config.egress.ciliumVersion},
                             {u"namespace"_s, config.kubernetes.jobsNamespace},
                             {u"flows"_s, QString()},
                             {u"usage"_s, QString()},
                             {u"rpc"_s, u"%1:%2"_s.arg(host).arg(rpc.port())},
                             {u"resolver"_s, config.local.egressResolver},
                             {u"hosts"_s, hostsOf(config.local.egressHosts)},
                             {u"private_ok"_s, QJsonArray::fromStringList(config.local.egressPrivateHosts)}};
    return local::GuardPlan{.config = QJsonDocument(object).toJson(QJsonDocument::Compact), .ports = ports};
}

} // namespace danube::app
