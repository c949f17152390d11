// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/commitplan.h"

#include "console/models/rulewords.h"
#include "shared/egress/allowlistdiff.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

using blueprint::Change;
using Weight = CommitRisk::Weight;

constexpr qsizetype maxSubject = 50;
constexpr qsizetype maxShown = 3;

QString translated(const char *text, int count = -1)
{
    return QCoreApplication::translate("CommitPlan", text, nullptr, count);
}

bool isHost(const Change &change)
{
    return change.field == "egress_allowlist"_L1;
}

qsizetype countOf(const QList<Change> &changes, Change::Verb verb, bool hosts)
{
    return std::ranges::count_if(changes,
                                 [=](const Change &change) { return change.verb == verb && isHost(change) == hosts; });
}

QString shortly(const Change &change)
{
    const QString object = change.object.isEmpty() ? QString() : change.object + u": "_s;
    if (change.field.isEmpty())
        return inOwnWords(blueprint::describe(change));
    const auto shown = [](const QString &value) {
        return value.isEmpty() ? translated(QT_TRANSLATE_NOOP("CommitPlan", "unset")) : value.left(40);
    };
    switch (change.verb) {
    case Change::Verb::Added:
        return u"%1%2 +%3"_s.arg(object, change.field, shown(change.after));
    case Change::Verb::Removed:
        return u"%1%2 −%3"_s.arg(object, change.field, shown(change.before));
    case Change::Verb::Changed:
        break;
    }
    if (change.before.isEmpty() && change.after.isEmpty())
        return u"%1%2"_s.arg(object, change.field);
    return u"%1%2 %3 → %4"_s.arg(object, change.field, shown(change.before), shown(change.after));
}

QStringList hostsOf(const QList<Change> &changes, Change::Verb verb)
{
    QStringList hosts;
    for (const Change &change : changes) {
        if (isHost(change) && change.verb == verb)
            hosts.append(verb == Change::Verb::Added ? change.after : change.before);
    }
    return hosts;
}

/// One list in two versions, with what it is called.
struct ListPair
{
    QString name;
    QStringList before;
    QStringList after;
    QStringList inheritedBefore;
    QStringList inheritedAfter;
};

QList<ListPair> listsOf(const blueprint::Snapshot &before, const blueprint::Snapshot &after)
{
    const QStringList &base = before.config.egressAllowlist;
    const QStringList &nextBase = after.config.egressAllowlist;
    QList<ListPair> lists{{translated(QT_TRANSLATE_NOOP("CommitPlan", "every job")), base, nextBase, {}, {}}};
    for (const auto &[name, document] : after.pipelines.asKeyValueRange())
        lists.append({translated(QT_TRANSLATE_NOOP("CommitPlan", "pipeline %1")).arg(name),
                      before.pipelines.value(name).egressAllowlist, document.egressAllowlist, base, nextBase});
    return lists;
}

void addListRisks(QList<CommitRisk> &risks, const ListPair &list, egress::LintOptions options)
{
    options.inherited = list.inheritedAfter;
    for (const egress::Finding &finding : egress::lint(list.after, options)) {
        const QString entry = list.after.value(finding.entry);
        if (finding.severity != egress::Severity::Warning || list.before.contains(entry))
            continue;
        const bool everything = finding.code == egress::FindingCode::MatchAll;
        risks.append(
            {everything ? Weight::Serious : Weight::Note,
             everything
                 ? translated(QT_TRANSLATE_NOOP("CommitPlan", "Opens every name on the internet (%1).")).arg(list.name)
                 : u"%1 (%2)"_s.arg(inOwnWords(finding.message), list.name)});
    }
}

void addUseRisks(QList<CommitRisk> &risks, const ListPair &list, const EntryUses &uses,
                 const egress::LintOptions &options)
{
    for (const egress::ListChange &change :
         egress::diffAllowlists(list.inheritedBefore + list.before, list.inheritedAfter + list.after, options)) {
        const auto use = uses.constFind(change.entry);
        if (change.kind != egress::ListChange::Kind::Removed || !change.changesAccess || use == uses.cend() ||
            use->jobs == 0)
            continue;
        const CommitRisk risk{
            Weight::Serious,
            translated(QT_TRANSLATE_N_NOOP("CommitPlan", "Removes %1, which %n jobs of the last 30 days used."),
                       static_cast<int>(use->jobs))
                .arg(change.entry)};
        if (!risks.contains(risk))
            risks.append(risk);
    }
}

void addRetentionRisk(QList<CommitRisk> &risks, const QString &what, const std::optional<std::chrono::days> &before,
                      const std::optional<std::chrono::days> &after)
{
    const auto daysOf = [](const std::optional<std::chrono::days> &days) {
        return days && days->count() > 0 ? days->count() : 1'000'000;
    };
    if (daysOf(after) < daysOf(before))
        risks.append(
            {Weight::Note,
             translated(QT_TRANSLATE_NOOP("CommitPlan", "Keeps %1 for a shorter time: older ones are deleted."))
                 .arg(what)});
}

} // namespace

QString summaryOf(const QList<Change> &changes)
{
    QStringList parts;
    if (const auto added = countOf(changes, Change::Verb::Added, true))
        parts.append(u'+' + translated(QT_TRANSLATE_N_NOOP("CommitPlan", "%n hosts"), static_cast<int>(added)));
    if (const auto removed = countOf(changes, Change::Verb::Removed, true))
        parts.append(u'−' + translated(QT_TRANSLATE_N_NOOP("CommitPlan", "%n hosts"), static_cast<int>(removed)));
    qsizetype others = 0;
    for (const Change &change : changes) {
        if (!isHost(change) && ++others <= maxShown)
            parts.append(shortly(change));
    }
    if (others > maxShown)
        parts.append(
            translated(QT_TRANSLATE_N_NOOP("CommitPlan", "%n more changes"), static_cast<int>(others - maxShown)));
    return parts.isEmpty() ? translated(QT_TRANSLATE_NOOP("CommitPlan", "Nothing changes in meaning"))
                           : parts.join(u", "_s);
}

// In English and plain, as commit messages are: other people's tools read them.
QString messageTemplateOf(const QList<Change> &changes)
{
    const QStringList added = hostsOf(changes, Change::Verb::Added);
    const QStringList removed = hostsOf(changes, Change::Verb::Removed);
    QStringList parts;
    const auto say = [&parts](const QString &verb, const QStringList &hosts) {
        if (hosts.size() == 1)
            parts.append(u"%1 %2"_s.arg(verb, hosts.first()));
        else if (hosts.size() > 1)
            parts.append(u"%1 %2 hosts"_s.arg(verb).arg(hosts.size()));
    };
    say(u"allow"_s, added);
    say(parts.isEmpty() ? u"no longer allow"_s : u"remove"_s, removed);
    for (const Change &change : changes) {
        if (!isHost(change))
            parts.append(change.field.isEmpty() ? blueprint::describe(change)
                                                : u"set "_s + change.field.section(u'.', -1));
    }
    const QString prefix = u"blueprint: "_s;
    QString subject;
    for (const QString &part : parts) {
        const QString longer = subject.isEmpty() ? part : subject + u", "_s + part;
        if (prefix.size() + longer.size() > maxSubject)
            break;
        subject = longer;
    }
    if (subject.isEmpty())
        subject = u"change the configuration"_s;
    return prefix + subject;
}

QList<CommitRisk> risksOf(const blueprint::Snapshot &before, const blueprint::Snapshot &after,
                          const egress::LintOptions &options, const CommitSurroundings &surroundings)
{
    QList<CommitRisk> risks;
    if (surroundings.isProduction)
        risks.append(
            {Weight::Serious,
             translated(QT_TRANSLATE_NOOP("CommitPlan", "%1 is a production master.")).arg(surroundings.profile)});
    for (const ListPair &list : listsOf(before, after)) {
        addListRisks(risks, list, options);
        if (surroundings.uses)
            addUseRisks(risks, list, *surroundings.uses, options);
    }
    if (before.config.egressMode == blueprint::EgressMode::Enforce &&
        after.config.egressMode == blueprint::EgressMode::Audit)
        risks.append({Weight::Serious,
                      translated(QT_TRANSLATE_NOOP("CommitPlan", "Audit mode lets every job reach the whole world."))});
    const auto &kept = before.config.retention;
    const auto &next = after.config.retention;
    addRetentionRisk(risks, translated(QT_TRANSLATE_NOOP("CommitPlan", "logs")), kept.logs, next.logs);
    addRetentionRisk(risks, translated(QT_TRANSLATE_NOOP("CommitPlan", "artifacts")), kept.artifacts, next.artifacts);
    std::ranges::stable_sort(risks, std::greater(), &CommitRisk::weight);
    return risks;
}

QString whyNoCommit(const BlueprintWorkspace &workspace, const QString &message, const QString &writeBlocked)
{
    if (!writeBlocked.isEmpty())
        return writeBlocked;
    if (!workspace.isLoaded())
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "The configuration is not loaded yet."));
    if (!workspace.base().mayPush)
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "This master may not write to the repository."));
    if (!workspace.isModified())
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "Nothing is changed."));
    if (workspace.hasErrors()) {
        const auto &findings = workspace.findings();
        const auto first = std::ranges::find(findings, blueprint::Severity::Error, &blueprint::Finding::severity);
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "An error has to be mended first: %1"))
            .arg(inOwnWords(first->message));
    }
    if (message.trimmed().isEmpty())
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "A message is missing: say why."));
    return {};
}

QString messageHint(const QString &message)
{
    const QStringList lines = message.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].size() > maxMessageLine)
            return translated(QT_TRANSLATE_NOOP("CommitPlan", "Line %1 has %2 characters; git shows %3 well."))
                .arg(i + 1)
                .arg(lines[i].size())
                .arg(maxMessageLine);
    }
    if (lines.size() > 1 && !lines[1].trimmed().isEmpty())
        return translated(QT_TRANSLATE_NOOP("CommitPlan", "Leave the second line empty: the first is the subject."));
    return {};
}

} // namespace danube::console
