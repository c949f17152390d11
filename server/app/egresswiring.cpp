// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/egresswiring.h"

#include "shared/egress/servicetext.h"

#include <QLoggingCategory>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

Q_LOGGING_CATEGORY(egressLog, "danube.egress")

constexpr auto masterService = "danube-master"_L1; // deploy/base/master
constexpr quint16 httpsPort = 443;
constexpr milliseconds localPoll{100};
constexpr int canaryLives = 3; // intervals that a finding is believed

egress::Labels labelsFrom(const QStringList &texts)
{
    egress::Labels labels;
    for (const QString &text : texts)
        labels.insert(text.section(u'=', 0, 0), text.section(u'=', 1));
    return labels;
}

/// The RPC port as jobs name it, and as the master's pods have it.
egress::ServicePort rpcPort(const EgressNeeds &needs)
{
    const quint16 bound = needs.config.rpcAddress.port; // 0 = any free one
    const int named = QUrl(needs.rpcUrl).port(bound);
    return {.port = static_cast<quint16>(named), .target = bound == 0 ? QString() : QString::number(bound)};
}

Result<egress::PolicySettings> policySettings(const EgressNeeds &needs)
{
    const config::Config &config = needs.config;
    const auto version = egress::parseCiliumVersion(config.egress.ciliumVersion);
    if (!version)
        return std::unexpected(version.error().in(u"egress.cilium_version"_s));
    egress::PolicySettings settings;
    settings.instance = config.kubernetes.instance;
    settings.jobsNamespace = config.kubernetes.jobsNamespace;
    settings.cilium = *version;
    for (const QString &name : {config.kubernetes.systemNamespace, config.kubernetes.jobsNamespace}) {
        if (!settings.cluster.namespaces.contains(name))
            settings.cluster.namespaces.append(name);
    }
    settings.dns = {{config.egress.dnsNamespace, labelsFrom(config.egress.dnsLabels)}};
    settings.dnsPort = static_cast<quint16>(config.egress.dnsPort);
    settings.master = {.name = masterService,
                       .pods = {config.kubernetes.systemNamespace, {{u"app.kubernetes.io/name"_s, masterService}}},
                       .ports = {rpcPort(needs)}};
    for (const QString &text : config.egress.services) {
        auto service = egress::parseService(text);
        if (!service)
            return std::unexpected(service.error().in(u"egress.services"_s));
        settings.services.append(*std::move(service));
    }
    settings.fallbackCidrs = config.egress.fallbackCidrs;
    return settings;
}

egress::EgressService::Settings serviceSettings(const EgressNeeds &needs, const egress::PolicySettings &policy)
{
    const config::Config &config = needs.config;
    egress::EgressService::Settings settings;
    settings.lint.cilium = policy.cilium;
    settings.lint.cluster = policy.cluster;
    settings.lint.master = masterService + u'.' + config.kubernetes.systemNamespace;
    settings.lint.masterPort = policy.master.ports.first().port;
    settings.policy = policy;
    settings.refusals.lint = settings.lint;
    settings.refusals.flows.path = config.egress.flowsFile;
    settings.refusals.flows.jobsNamespace = policy.jobsNamespace;
    if (needs.guard && needs.guard->isActive()) {
        settings.refusals.flows.path = needs.localFlows;
        settings.refusals.flows.poll = localPoll;
    }
    return settings;
}

egress::PolicyService::CiliumUse ciliumUse(const QString &text)
{
    using Use = egress::PolicyService::CiliumUse;
    if (text == "required"_L1)
        return Use::Required;
    return text == "off"_L1 ? Use::Off : Use::Auto;
}

egress::HostPort placeOf(const QUrl &url)
{
    return {url.host(), static_cast<quint16>(url.port(httpsPort))};
}

std::optional<egress::Canary::Settings> canarySettings(const EgressNeeds &needs)
{
    const config::Config &config = needs.config;
    if (config.egress.canaryHost.isEmpty() || config.kubernetes.coordinatorImage.isEmpty())
        return std::nullopt;
    egress::Canary::Settings settings;
    settings.pod.nameSpace = config.kubernetes.jobsNamespace;
    settings.pod.instance = config.kubernetes.instance;
    settings.pod.image = config.kubernetes.coordinatorImage;
    settings.pod.runAsUser = config.kubernetes.runAsUser;
    settings.pod.targets = {.allowed = placeOf(QUrl(needs.rpcUrl)),
                            .forbiddenName = config.egress.canaryHost,
                            .apiServer = placeOf(needs.client->credentials()->access().server)};
    settings.interval = config.egress.canaryInterval;
    settings.life = canaryLives * config.egress.canaryInterval;
    return settings;
}

/// " in step \"build\"" where it is certain.
QString stepOf(const EgressRefusal &refusal, const store::Store &store)
{
    if (refusal.steps.size() != 1)
        return {};
    for (const Step &step : store.steps(refusal.job).value_or(QList<Step>())) {
        if (step.number == refusal.steps.first())
            return u" in step \"%1\""_s.arg(egress::displayText(step.name));
    }
    return {};
}

/// The entry of an allowlist that would let it through; empty where none can.
QString entryFor(const EgressRefusal &refusal)
{
    const bool canBeListed = refusal.protocol == "TCP"_L1 || refusal.protocol == "DNS"_L1;
    const bool isUsualPort = refusal.port == 0 || refusal.port == 80 || refusal.port == httpsPort;
    const QString text = isUsualPort ? refusal.host : u"%1:%2"_s.arg(refusal.host).arg(refusal.port);
    const auto entry = egress::Entry::parse(text);
    return canBeListed && entry && entry->pattern().isName() ? entry->text() : QString();
}

QString describe(const EgressRefusal &refusal, const store::Store &store)
{
    const QString place = refusal.port == 0 ? refusal.host : u"%1:%2"_s.arg(refusal.host).arg(refusal.port);
    const QString entry = entryFor(refusal);
    return u"egress refused%1: %2 (%3)"_s.arg(stepOf(refusal, store), egress::displayText(place),
                                              egress::displayText(refusal.protocol)) +
           (entry.isEmpty() ? QString() : u"; to allow it, list \"%1\" in egress_allowlist"_s.arg(entry));
}

} // namespace

Result<std::unique_ptr<egress::EgressService>> makeEgress(const EgressNeeds &needs)
{
    const auto policy = policySettings(needs);
    if (!policy)
        return std::unexpected(policy.error());
    auto service = std::make_unique<egress::EgressService>(needs.clock, needs.store, serviceSettings(needs, *policy));
    if (needs.guard)
        service->useGuard(*needs.guard);
    if (needs.client && needs.config.egress.apply) {
        egress::PolicyService::Settings policies;
        policies.policy = *policy;
        policies.cilium = ciliumUse(needs.config.kubernetes.cilium);
        policies.repair = needs.config.egress.repair;
        service->useCluster(*needs.client, policies, canarySettings(needs));
    }
    return service;
}

Result<QList<kubernetes::GuardingPolicy>> guardsOf(const egress::EgressService &egress, const QString &pipeline)
{
    const auto guards = egress.guardsOf(pipeline);
    if (!guards)
        return std::unexpected(guards.error());
    QList<kubernetes::GuardingPolicy> policies;
    for (const egress::EgressService::Guard &guard : *guards)
        policies.append({guard.type, guard.name, [&egress, name = guard.name](const QJsonObject &live) {
                             return egress.whyNotGuarding(name, live);
                         }});
    return policies;
}

void followBlueprint(egress::EgressService &egress, blueprint::BlueprintService &blueprint)
{
    QObject::connect(&blueprint, &blueprint::BlueprintService::applied, &egress,
                     &egress::EgressService::setConfiguration);
    if (blueprint.active())
        egress.setConfiguration(blueprint.snapshot(), blueprint.active()->commit);
}

void actOnViolations(egress::EgressService &egress, jobs::Engine &engine, const store::Store &store)
{
    const auto act = [&engine, &store](const EgressRefusal &refusal, blueprint::OnViolation policy) {
        if (policy == blueprint::OnViolation::Log)
            return;
        engine.reportViolation(refusal.job, describe(refusal, store),
                               policy == blueprint::OnViolation::Fail ? jobs::Violation::Fatal
                                                                      : jobs::Violation::Noted);
    };
    QObject::connect(&egress, &egress::EgressService::violated, &engine, act);
}

void noteLevels(const egress::EgressService &egress, jobs::Engine &engine, store::Store &store)
{
    const auto note = [&, noted = QHash<JobId, JobEgress>()](const Job &job) mutable {
        if (isFinal(job.state))
            noted.remove(job.id);
        // One that another master started keeps what that one said.
        const bool isStarted = job.state == JobState::Scheduling;
        if (!isStarted && (job.state != JobState::Running || !noted.contains(job.id)))
            return;
        const JobEgress now = egress::toJobEgress(egress.levelOf(job.pipeline));
        if (std::exchange(noted[job.id], now) == now)
            return;
        store.saveJobEgress(job.id, now, &engine, [id = job.id](const Result<void> &done) {
            if (!done)
                qCWarning(egressLog).noquote() << u"level not noted job=%1: %2"_s.arg(id.value(), done.error().message);
        });
    };
    QObject::connect(&engine, &jobs::Engine::jobChanged, &engine, note);
}

void showEgressIn(metrics::Metrics &metrics, egress::EgressService &egress)
{
    auto level = metrics.gauge("danube_egress_level", "What guards jobs: 0 none, 1 declared, 2 enforced.");
    auto applied = metrics.gauge("danube_egress_policies_applied", "Policy objects that hold.");
    auto wanted = metrics.gauge("danube_egress_policies", "Policy objects that are wanted.");
    auto lines = metrics.counter("danube_egress_flow_lines_total", "Lines of flow records read.");
    auto unreadable = metrics.counter("danube_egress_flow_lines_unreadable_total", "Lines that were no records.");
    auto lost = metrics.counter("danube_egress_flows_lost_total", "Events that Hubble says are missing.");
    auto refused = metrics.counter("danube_egress_refused_total", "Flows of jobs that were refused.");
    auto wouldBe = metrics.counter("danube_egress_would_be_refused_total", "Flows that audit mode let through.");
    metrics.onScrape(&egress, [=, &egress, last = egress::RefusalService::Counts()]() mutable {
        const auto status = egress.policyStatus();
        level.set(static_cast<double>(egress.level().kind));
        wanted.set(static_cast<double>(status.policies.size()));
        applied.set(static_cast<double>(
            std::ranges::count(status.policies, egress::PolicyReport::Phase::Applied, &egress::PolicyReport::phase)));
        const auto before = std::exchange(last, egress.refusals().counts());
        lines.add(static_cast<double>(last.lines - before.lines));
        unreadable.add(static_cast<double>(last.unreadable - before.unreadable));
        lost.add(static_cast<double>(last.lost - before.lost));
        refused.add(static_cast<double>(last.refused - before.refused));
        wouldBe.add(static_cast<double>(last.wouldBe - before.wouldBe));
    });
}

} // namespace danube::app
