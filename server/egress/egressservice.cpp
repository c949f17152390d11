// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/egressservice.h"

#include "server/egress/listing.h"

#include <QJsonArray>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Q_LOGGING_CATEGORY(egressLog, "danube.egress")

constexpr milliseconds recheckInterval{60'000};

template <class T> QJsonArray arrayOf(const QList<T> &items)
{
    QJsonArray array;
    for (const T &item : items)
        array.append(toJson(item));
    return array;
}

QJsonObject proposalToJson(const Proposal &proposal)
{
    QJsonObject object{
        {u"entry"_s, proposal.entry},
        {u"count"_s, proposal.count},
        {u"reason"_s, u"refused in %1 flow%2"_s.arg(proposal.count).arg(proposal.count == 1 ? u""_s : u"s"_s)},
        {u"findings"_s, arrayOf(proposal.findings)}};
    if (!proposal.wildcard.isEmpty())
        object.insert(u"wildcard"_s, proposal.wildcard);
    return object;
}

} // namespace

EgressLevel levelOf(const JobGuard &guard, Mode mode)
{
    if (guard.kind == JobGuard::Kind::Off)
        return {EgressLevel::Kind::None, u"local.egress is \"off\": nothing guards what jobs reach"_s};
    if (!guard.trouble.isEmpty())
        return {EgressLevel::Kind::None, guard.trouble};
    if (guard.kind == JobGuard::Kind::Audit || mode == Mode::Audit)
        return {EgressLevel::Kind::Declared, u"audit mode: what the list would refuse is only reported"_s};
    return {EgressLevel::Kind::Enforced,
            u"each job has a network of its own, and danube-guard is the only way out of it"_s};
}

EgressService::EgressService(const Clock &clock, store::Store &store, Settings settings, QObject *parent)
    : QObject(parent),
      m_clock(clock),
      m_store(store),
      m_settings(std::move(settings)),
      m_refusals(std::make_unique<RefusalService>(store, m_settings.refusals))
{
    m_level = level();
    connect(&m_recheck, &QTimer::timeout, this, &EgressService::update);
    connect(m_refusals.get(), &RefusalService::refused, this,
            [this](const EgressRefusal &refusal) { emit violated(refusal, m_lists.onViolationOf(refusal.pipeline)); });
}

EgressService::~EgressService() = default;

void EgressService::useGuard(const JobGuard &guard)
{
    m_guard = guard;
    m_level = level();
}

void EgressService::useCluster(kube::Client &client, const PolicyService::Settings &policies,
                               const std::optional<Canary::Settings> &canary)
{
    m_policies = std::make_unique<PolicyService>(client, m_clock, policies);
    connect(m_policies.get(), &PolicyService::changed, this, &EgressService::update);
    if (canary) {
        m_forbiddenName = canary->pod.targets.forbiddenName;
        m_canary = std::make_unique<Canary>(client, m_clock, *canary);
        connect(m_canary.get(), &Canary::found, this, &EgressService::update);
    }
    m_recheck.start(recheckInterval);
}

void EgressService::catchUp(QObject *context, std::function<void()> done)
{
    m_refusals->catchUp(context, std::move(done));
}

void EgressService::start()
{
    m_refusals->start();
    if (m_policies)
        m_policies->start();
}

void EgressService::setConfiguration(const blueprint::Snapshot &snapshot, const QString &commit)
{
    m_lists = EgressLists(snapshot, commit);
    m_refusals->setLists(m_lists);
    if (m_policies)
        m_policies->setWanted(m_lists.request());
    if (m_guard)
        update();
}

// Only what holds can be proved, and only where something forbidden is left to try.
void EgressService::proveAgain()
{
    if (!m_canary)
        return;
    const PolicyStatus &status = m_policies->status();
    const Attempt query{.job = {},
                        .outcome = {},
                        .time = {},
                        .protocol = u"DNS"_s,
                        .port = 0,
                        .address = {},
                        .names = {m_forbiddenName},
                        .isWorld = true};
    const bool canProve = status.kind == PolicyKind::Cilium && status.isApplied() && !status.isAudit &&
                          !isListed(query, m_lists.of({}), m_settings.lint);
    m_canary->setPolicy(canProve ? status.digest : QString());
}

void EgressService::update()
{
    proveAgain();
    const EgressLevel now = level();
    if (now == m_level)
        return;
    m_level = now;
    qCInfo(egressLog).noquote() << u"egress level=%1 reason=\"%2\""_s.arg(toText(now.kind), now.reason);
    emit levelChanged(now);
}

EgressLevel EgressService::level() const
{
    if (m_guard)
        return egress::levelOf(*m_guard, m_lists.request().mode);
    if (!m_policies)
        return {EgressLevel::Kind::None, u"jobs run without a cluster: nothing guards their egress"_s};
    return egress::levelOf(m_policies->status(), m_canary ? m_canary->finding() : std::nullopt, m_clock.wall(),
                           m_canary ? m_canary->life() : milliseconds(0));
}

EgressLevel EgressService::levelOf(const QString &pipeline) const
{
    if (m_guard)
        return egress::levelOf(*m_guard, m_lists.modeOf(pipeline));
    return levelIn(m_lists.modeOf(pipeline), level());
}

Result<void> EgressService::guarding(const QString &pipeline) const
{
    return m_policies ? m_policies->guarding(pipeline) : Result<void>();
}

Result<QList<EgressService::Guard>> EgressService::guardsOf(const QString &pipeline) const
{
    QList<Guard> guards;
    if (!m_policies)
        return guards;
    if (const auto holds = m_policies->guarding(pipeline); !holds)
        return std::unexpected(holds.error());
    for (const QString &name : m_policies->guardsOf(pipeline))
        guards.append({m_policies->type(), name});
    return guards;
}

std::optional<QString> EgressService::whyNotGuarding(const QString &name, const QJsonObject &live) const
{
    return m_policies ? m_policies->whyNotGuarding(name, live) : std::nullopt;
}

QJsonArray EgressService::pipelinesToJson() const
{
    QJsonArray array;
    for (const PipelineList &list : m_lists.request().pipelines)
        array.append(QJsonObject{{u"pipeline"_s, list.pipeline},
                                 {u"allowlist"_s, QJsonArray::fromStringList(list.allowlist)},
                                 {u"mode"_s, modeName(list.mode)},
                                 {u"on_violation"_s, blueprint::toText(m_lists.onViolationOf(list.pipeline))}});
    return array;
}

QJsonObject EgressService::toJson() const
{
    const PolicyStatus status = policyStatus();
    const EgressLevel now = level();
    const RefusalService &flows = *m_refusals;
    QJsonObject object{{u"level"_s, toText(now.kind)},
                       {u"reason"_s, now.reason},
                       {u"applies"_s, hasCluster()},
                       {u"kind"_s, m_guard && m_guard->isActive() ? u"danube-guard"_s : toText(status.kind)},
                       {u"mode"_s, modeName(m_lists.request().mode)},
                       {u"commit"_s, m_lists.commit()},
                       {u"digest"_s, status.digest},
                       {u"policies"_s, arrayOf(status.policies)},
                       {u"notes"_s, QJsonArray::fromStringList(status.notes)},
                       {u"foreign"_s, QJsonArray::fromStringList(status.foreign)},
                       {u"allowlist"_s, QJsonArray::fromStringList(m_lists.request().allowlist)},
                       {u"pipelines"_s, pipelinesToJson()},
                       {u"flows"_s, QJsonObject{{u"source"_s, flows.path()},
                                                {u"trouble"_s, flows.trouble()},
                                                {u"lines"_s, static_cast<qint64>(flows.counts().lines)},
                                                {u"lost"_s, static_cast<qint64>(flows.counts().lost)}}}};
    if (m_canary && m_canary->finding())
        object.insert(u"canary"_s, egress::toJson(*m_canary->finding()));
    if (status.failure)
        object.insert(u"error"_s, status.failure->message);
    return object;
}

PolicyPlan EgressService::plan(const blueprint::Snapshot &snapshot) const
{
    return planPolicies(m_lists, EgressLists(snapshot, {}), policyStatus().kind, m_settings.policy, m_settings.lint);
}

Result<QStringList> EgressService::repair()
{
    if (!m_policies)
        return fail(ErrorCode::Conflict, u"this master applies no policies: there is nothing to repair"_s);
    return m_policies->repair();
}

Result<QJsonObject> EgressService::test(const Test &test) const
{
    if (test.hosts.isEmpty() || test.hosts.size() > maxHosts)
        return fail(ErrorCode::InvalidArgument, u"hosts: expected 1 to %1 of them"_s.arg(maxHosts));
    const auto isThis = [&](const PipelineList &list) { return list.pipeline == test.pipeline; };
    if (!test.pipeline.isEmpty() && std::ranges::none_of(m_lists.request().pipelines, isThis))
        return fail(ErrorCode::NotFound, u"no pipeline is called \"%1\""_s.arg(displayText(test.pipeline)));
    const Allowlists lists = test.allowlist ? Allowlists{.base = *test.allowlist} : m_lists.of(test.pipeline);
    QJsonArray results;
    for (const QString &host : test.hosts) {
        const auto question = parseQuestion(host);
        if (!question)
            return std::unexpected(question.error().in(u"hosts"_s));
        results.append(egress::toJson(explain(*question, lists, m_settings.lint)));
    }
    QJsonObject answer{{u"results"_s, results}};
    if (test.allowlist)
        answer.insert(u"findings"_s, arrayOf(lint(*test.allowlist, m_settings.lint)));
    return answer;
}

bool EgressService::isTrusted(const JobId &job) const
{
    const auto row = m_store.job(job);
    return row && !row->triggerType.startsWith("pull_request"_L1);
}

Result<QList<EgressRefusal>> EgressService::refusalsFor(const ProposalRequest &request) const
{
    if (!request.job.isEmpty())
        return m_refusals->refusals(request.job);
    store::RefusalFilter filter{.pipeline = request.pipeline, .since = request.since};
    return m_refusals->refusals(filter);
}

Result<QJsonObject> EgressService::propose(const ProposalRequest &request) const
{
    const auto found = refusalsFor(request);
    if (!found)
        return std::unexpected(found.error());
    QHash<JobId, bool> trusted;
    QList<Refusal> refusals;
    for (const EgressRefusal &refusal : *found) {
        if (!trusted.contains(refusal.job))
            trusted.insert(refusal.job, isTrusted(refusal.job));
        const bool canBeListed = refusal.protocol == "TCP"_L1 || refusal.protocol == "DNS"_L1;
        if (trusted.value(refusal.job) && canBeListed && refusal.host != RefusalBook::otherHosts)
            refusals.append({.host = refusal.host, .port = refusal.port, .count = refusal.count});
    }
    const QString pipeline = found->isEmpty() ? request.pipeline : found->first().pipeline;
    const Proposals proposals = egress::propose(refusals, m_lists.of(pipeline), m_settings.lint);
    QJsonArray entries;
    for (const Proposal &proposal : proposals.entries)
        entries.append(proposalToJson(proposal));
    const auto strangers = std::ranges::count(trusted, false);
    return QJsonObject{{u"pipeline"_s, pipeline},
                       {u"base_commit"_s, m_lists.commit()},
                       {u"entries"_s, entries},
                       {u"not_proposed"_s, arrayOf(proposals.notProposed)},
                       {u"left_out"_s, static_cast<qint64>(proposals.leftOut)},
                       {u"jobs"_s, trusted.size() - strangers},
                       {u"jobs_not_trusted"_s, static_cast<qint64>(strangers)}};
}

} // namespace danube::egress
