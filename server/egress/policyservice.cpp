// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/policyservice.h"

#include "server/egress/policyobject.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Q_LOGGING_CATEGORY(policyLog, "danube.egress.policy")

using Phase = PolicyReport::Phase;

constexpr qsizetype maxForeign = 20;
constexpr int failuresUntilProbe = 3;

QString pipelineOf(const QJsonObject &object)
{
    return object["metadata"_L1]["labels"_L1]["danube.dev/pipeline"_L1].toString();
}

} // namespace

PolicyService::PolicyService(kube::Client &client, const Clock &clock, Settings settings, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_clock(clock),
      m_settings(std::move(settings)),
      m_turn(std::make_unique<QObject>()),
      m_backoff(m_settings.retryFirst, m_settings.retryLimit),
      m_repairBackoff(m_settings.retryFirst, m_settings.retryLimit)
{
    for (QTimer *timer : {&m_retry, &m_repair, &m_probe})
        timer->setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &PolicyService::reconcile);
    connect(&m_repair, &QTimer::timeout, this, &PolicyService::repair);
    connect(&m_probe, &QTimer::timeout, this, &PolicyService::probe);
}

PolicyService::~PolicyService() = default;

void PolicyService::start()
{
    if (m_settings.cilium == CiliumUse::Off)
        useKind(PolicyKind::Fallback);
    else
        probe();
}

void PolicyService::setWanted(const PolicyRequest &request)
{
    m_request = request;
    compile();
    reconcile();
}

const kube::ResourceType &PolicyService::type() const
{
    return m_status.kind == PolicyKind::Cilium ? kube::resources::ciliumNetworkPolicies
                                               : kube::resources::networkPolicies;
}

// Listing answers 404 only when the cluster does not know the kind at all.
void PolicyService::probe()
{
    kube::requests::ListOptions options;
    options.limit = 1;
    m_client.send(
        kube::requests::list(kube::resources::ciliumNetworkPolicies, m_settings.policy.jobsNamespace, options), this,
        [this](const kube::ApiResult<QJsonObject> &list) { probed(list); });
}

void PolicyService::probed(const kube::ApiResult<QJsonObject> &list)
{
    if (list)
        return useKind(PolicyKind::Cilium);
    if (list.error().kind != kube::ApiError::Kind::NotFound) {
        m_hasProbeFailed = true;
        m_status.failure = list.error().toError(
            u"look for CiliumNetworkPolicies in namespace %1"_s.arg(m_settings.policy.jobsNamespace));
        qCWarning(policyLog).noquote() << u"probe failed error=\"%1\""_s.arg(m_status.failure->message);
        m_probe.start(m_backoff.next());
        return publish();
    }
    m_probe.start(m_settings.probeInterval);
    if (m_settings.cilium == CiliumUse::Auto)
        return useKind(PolicyKind::Fallback);
    useKind(PolicyKind::None);
    m_status.failure = Error{ErrorCode::Unavailable, u"this cluster has no CiliumNetworkPolicy (is Cilium installed?), "
                                                     "and kubernetes.cilium = \"required\" allows nothing weaker"_s};
    publish();
}

void PolicyService::useKind(PolicyKind kind)
{
    const bool hadFailed = std::exchange(m_hasProbeFailed, false);
    if (m_status.kind == kind && !hadFailed)
        return;
    if (m_status.kind == kind) {
        m_status.failure.reset();
        compile(); // which may have a failure of its own
        return publish();
    }
    qCInfo(policyLog).noquote() << u"using kind=%1"_s.arg(toText(kind));
    m_turn = std::make_unique<QObject>();
    m_watcher.reset();
    m_status = {};
    m_status.kind = kind;
    m_wanted.clear();
    m_order.clear();
    m_live.clear();
    m_actions.clear();
    m_isActing = m_hasCleaned = false;
    m_backoff.reset();
    if (kind != PolicyKind::None) {
        m_watcher = std::make_unique<kube::Watcher>(
            m_client,
            kube::Watcher::Scope{.type = type(), .nameSpace = m_settings.policy.jobsNamespace, .labelSelector = {}});
        connect(m_watcher.get(), &kube::Watcher::changed, this, &PolicyService::seen);
        connect(m_watcher.get(), &kube::Watcher::removed, this, &PolicyService::vanished);
        connect(m_watcher.get(), &kube::Watcher::synced, this, &PolicyService::reconcile);
        connect(m_watcher.get(), &kube::Watcher::failed, this, &PolicyService::watchFailed);
        m_watcher->start();
        compile();
    }
    publish();
}

PolicyService::Wanted PolicyService::fresh(const QJsonObject &object) const
{
    Wanted wanted;
    wanted.object = object;
    wanted.report.name = nameOf(object);
    wanted.report.pipeline = pipelineOf(object);
    wanted.report.since = m_clock.wall();
    return wanted;
}

void PolicyService::compile()
{
    if (!m_request || m_status.kind == PolicyKind::None)
        return;
    const auto set = m_status.kind == PolicyKind::Cilium ? compileCilium(*m_request, m_settings.policy)
                                                         : compileFallback(*m_request, m_settings.policy);
    if (!set) {
        qCWarning(policyLog).noquote() << u"not compiled error=\"%1\""_s.arg(set.error().message);
        m_status.failure = set.error();
        return;
    }
    m_status.failure.reset();
    m_status.digest = set->digest;
    m_status.notes = set->notes;
    m_status.isAudit = m_request->mode == Mode::Audit;
    QMap<QString, Wanted> wanted;
    m_order.clear();
    for (const QJsonObject &object : set->objects) {
        const QString name = nameOf(object);
        m_order.append(name);
        const auto known = m_wanted.constFind(name);
        if (known != m_wanted.cend() && known->object == object)
            wanted.insert(name, *known);
        else
            wanted.insert(name, fresh(object));
    }
    m_wanted = std::move(wanted);
    for (Wanted &one : m_wanted)
        judge(one);
}

void PolicyService::seen(const QJsonObject &object)
{
    const QString name = nameOf(object);
    const auto known = m_live.constFind(name);
    if (known != m_live.cend() && isOlder(object, *known))
        return;
    m_live.insert(name, object);
    if (const auto wanted = m_wanted.find(name); wanted != m_wanted.end())
        judge(*wanted);
    reconcile();
}

void PolicyService::vanished(const QJsonObject &object)
{
    const QString name = nameOf(object);
    const auto known = m_live.constFind(name);
    if (known == m_live.cend() || (*known)["metadata"_L1]["uid"_L1] != object["metadata"_L1]["uid"_L1])
        return;
    m_live.erase(known);
    if (const auto wanted = m_wanted.find(name); wanted != m_wanted.end())
        judge(*wanted);
    reconcile();
}

void PolicyService::watchFailed(const kube::ApiError &error, int failures)
{
    if (failures % failuresUntilProbe != 0)
        return;
    qCWarning(policyLog).noquote() << u"watch failed failures=%1 error=\"%2\""_s.arg(failures).arg(error.message);
    if (error.kind == kube::ApiError::Kind::NotFound && m_status.kind == PolicyKind::Cilium)
        probe(); // the definition was taken away
}

void PolicyService::judge(Wanted &wanted)
{
    const auto live = m_live.constFind(wanted.report.name);
    if (live != m_live.cend())
        return judgeLive(wanted, *live);
    if (wanted.isConfirmed)
        noteDrift(wanted, u"it was deleted"_s);
}

void PolicyService::judgeLive(Wanted &wanted, const QJsonObject &live)
{
    if (const auto difference = driftOf(wanted.object, live)) {
        if (wanted.isConfirmed)
            noteDrift(wanted, describe(*difference));
        return;
    }
    if (!wanted.isConfirmed && wanted.mustForce)
        qCInfo(policyLog).noquote() << u"repaired policy=%1"_s.arg(wanted.report.name);
    wanted.isConfirmed = true;
    wanted.mustForce = false;
    wanted.refused.reset();
    const PluginVerdict verdict = verdictOf(live);
    if (m_status.kind == PolicyKind::Fallback || verdict.kind == PluginVerdict::Kind::Valid)
        setPhase(wanted, Phase::Applied);
    else if (verdict.kind == PluginVerdict::Kind::Invalid)
        setPhase(wanted, Phase::Invalid, verdict.message);
    else
        setPhase(wanted, Phase::Unjudged);
}

void PolicyService::noteDrift(Wanted &wanted, const QString &detail)
{
    if (wanted.report.phase == Phase::Drifted && wanted.report.detail == detail)
        return;
    setPhase(wanted, Phase::Drifted, detail);
    qCWarning(policyLog).noquote() << u"drifted policy=%1 field=\"%2\""_s.arg(wanted.report.name, detail);
    emit drifted(wanted.report.name, detail);
    if (m_clock.steady() - std::exchange(m_lastDrift, m_clock.steady()) > 2 * m_settings.retryLimit)
        m_repairBackoff.reset();
    if (m_settings.repair && !m_repair.isActive())
        m_repair.start(m_repairBackoff.next());
}

void PolicyService::setPhase(Wanted &wanted, PolicyReport::Phase phase, const QString &detail)
{
    if (wanted.report.phase == phase && wanted.report.detail == detail)
        return;
    wanted.report.phase = phase;
    wanted.report.detail = detail;
    wanted.report.since = m_clock.wall();
}

QStringList PolicyService::guardsOf(const QString &pipeline) const
{
    QStringList names;
    const QString label = pipelineLabel(pipeline);
    for (const QString &name : m_order) {
        const QString of = m_wanted.value(name).report.pipeline;
        if (of.isEmpty() || of == label)
            names.append(name);
    }
    return names;
}

Result<void> PolicyService::guarding(const QString &pipeline) const
{
    const QStringList names = guardsOf(pipeline);
    if (names.isEmpty())
        return fail(ErrorCode::Unavailable,
                    m_status.failure ? m_status.failure->message : u"no egress policy is in force yet"_s);
    for (const QString &name : names) {
        const PolicyReport report = m_wanted.value(name).report;
        if (report.phase != Phase::Applied)
            return fail(ErrorCode::Unavailable, describe(report));
    }
    return {};
}

QStringList PolicyService::repair()
{
    const QStringList names = repairAll();
    reconcile();
    return names;
}

std::optional<QString> PolicyService::whyNotGuarding(const QString &name, const QJsonObject &live) const
{
    const auto wanted = m_wanted.constFind(name);
    if (wanted == m_wanted.cend())
        return u"policy %1 is wanted no more: another configuration is in force"_s.arg(name);
    PolicyReport report{.name = name, .pipeline = {}, .detail = {}};
    const PluginVerdict verdict = verdictOf(live);
    if (const auto difference = driftOf(wanted->object, live)) {
        report.phase = Phase::Drifted;
        report.detail = describe(*difference);
    } else if (m_status.kind == PolicyKind::Fallback || verdict.kind == PluginVerdict::Kind::Valid) {
        return std::nullopt;
    } else {
        report.phase = verdict.kind == PluginVerdict::Kind::Invalid ? Phase::Invalid : Phase::Unjudged;
        report.detail = verdict.message;
    }
    return describe(report);
}

void PolicyService::publish()
{
    PolicyStatus status = m_status;
    status.policies.clear();
    for (const QString &name : std::as_const(m_order))
        status.policies.append(m_wanted.value(name).report);
    status.foreign.clear();
    for (const auto &[name, object] : m_live.asKeyValueRange()) {
        if (!isOurs(object, m_settings.policy.instance) && !m_wanted.contains(name) &&
            status.foreign.size() < maxForeign)
            status.foreign.append(name);
    }
    if (status == m_status)
        return;
    m_status = std::move(status);
    emit changed();
}

} // namespace danube::egress
