// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/policyplan.h"

#include <QJsonArray>

#include <set>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

QStringList together(const Allowlists &lists)
{
    return lists.base + lists.pipeline;
}

std::set<QString> pipelinesOf(const EgressLists &before, const EgressLists &after)
{
    std::set<QString> names;
    for (const EgressLists *lists : {&before, &after}) {
        for (const PipelineList &list : lists->request().pipelines)
            names.insert(list.pipeline);
    }
    return names;
}

QList<PolicyPlan::Access> accessChanges(const EgressLists &before, const EgressLists &after, const LintOptions &lint)
{
    QList<PolicyPlan::Access> access;
    const auto base = diffAllowlists(before.request().allowlist, after.request().allowlist, lint);
    for (const ListChange &change : base)
        access.append({{}, change});
    const auto isOfBase = [&base](const ListChange &change) {
        return std::ranges::any_of(
            base, [&change](const ListChange &of) { return of.kind == change.kind && of.entry == change.entry; });
    };
    for (const QString &pipeline : pipelinesOf(before, after)) {
        const auto changes = diffAllowlists(together(before.of(pipeline)), together(after.of(pipeline)), lint);
        for (const ListChange &change : changes) {
            if (!isOfBase(change))
                access.append({pipeline, change});
        }
    }
    return access;
}

Result<PolicySet> compile(const EgressLists &lists, PolicyKind kind, const PolicySettings &settings)
{
    return kind == PolicyKind::Fallback ? compileFallback(lists.request(), settings)
                                        : compileCilium(lists.request(), settings);
}

QJsonObject accessToJson(const PolicyPlan::Access &access)
{
    QJsonObject object{
        {u"change"_s, access.change.kind == ListChange::Kind::Added ? u"added"_s : u"removed"_s},
        {u"entry"_s, access.change.entry},
        {u"changes_access"_s, access.change.changesAccess},
        {u"text"_s, (access.pipeline.isEmpty() ? u"every job: "_s : u"pipeline \"%1\": "_s.arg(access.pipeline)) +
                        access.change.sentence}};
    if (!access.pipeline.isEmpty())
        object.insert(u"pipeline"_s, access.pipeline);
    return object;
}

} // namespace

PolicyPlan planPolicies(const EgressLists &before, const EgressLists &after, PolicyKind kind,
                        const PolicySettings &settings, const LintOptions &lint)
{
    PolicyPlan plan;
    plan.kind = kind == PolicyKind::Fallback ? PolicyKind::Fallback : PolicyKind::Cilium;
    plan.access = accessChanges(before, after, lint);
    const auto wanted = compile(after, plan.kind, settings);
    if (!wanted) {
        plan.failure = wanted.error();
        return plan;
    }
    plan.notes = wanted->notes;
    plan.digestAfter = wanted->digest;
    // What was in force was compiled once; without any Blueprint nothing is.
    const auto present = before.commit().isEmpty() ? Result<PolicySet>() : compile(before, plan.kind, settings);
    if (present)
        plan.digestBefore = present->digest;
    plan.objects = diffPolicies(present ? present->objects : QList<QJsonObject>(), wanted->objects);
    return plan;
}

QJsonObject toJson(const PolicyPlan &plan)
{
    QJsonArray access;
    for (const PolicyPlan::Access &change : plan.access)
        access.append(accessToJson(change));
    const qsizetype shown = std::min(plan.objects.size(), maxPlannedObjects);
    QJsonArray objects;
    for (const PolicyChange &change : plan.objects.first(shown))
        objects.append(toJson(change));
    QJsonObject object{{u"kind"_s, toText(plan.kind)},
                       {u"digest_before"_s, plan.digestBefore},
                       {u"digest_after"_s, plan.digestAfter},
                       {u"access"_s, access},
                       {u"objects"_s, objects},
                       {u"left_out"_s, plan.objects.size() - shown},
                       {u"notes"_s, QJsonArray::fromStringList(plan.notes)}};
    if (plan.failure)
        object.insert(u"error"_s, plan.failure->message);
    return object;
}

} // namespace danube::egress
