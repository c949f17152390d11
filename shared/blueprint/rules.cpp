// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/rules.h"

#include "shared/blueprint/branchpattern.h"
#include "shared/blueprint/cron.h"
#include "shared/blueprint/imagename.h"
#include "shared/blueprint/schema.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

void checkImage(const SourceDocument &source, const QString &pointer, const QString &image, Report &report)
{
    const auto name = parseImageName(image);
    const auto path = readablePath(pointer);
    if (!name)
        report.error(source, pointer, path + u": "_s + name.error().message);
    else if (name->tag.isEmpty() && name->digest.isEmpty())
        report.warn(source, pointer, u"%1: \"%2\" names no tag: whatever is latest will run"_s.arg(path, image),
                    u"add a tag or a digest"_s);
}

/// The same text twice in one list; says so at the later one.
void checkTwice(const SourceDocument &source, const QString &list, const QStringList &entries, Report &report)
{
    QHash<QString, qsizetype> seen;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const auto pointer = childPointer(list, i);
        if (const auto first = seen.constFind(entries[i]); first != seen.cend())
            report.warn(source, pointer,
                        u"%1: \"%2\" is there already, as number %3"_s.arg(readablePath(list), entries[i].left(80))
                            .arg(*first + 1),
                        u"remove it"_s);
        else
            seen.insert(entries[i], i);
    }
}

Severity severityOf(egress::Severity severity)
{
    return severity == egress::Severity::Error     ? Severity::Error
           : severity == egress::Severity::Warning ? Severity::Warning
                                                   : Severity::Hint;
}

QString fixOf(const egress::Finding &finding)
{
    if (!finding.fix)
        return {};
    return finding.fix->isEmpty() ? u"remove it"_s : u"write \"%1\""_s.arg(finding.fix->join("\", \""_L1));
}

void checkAllowlist(const SourceDocument &source, const QStringList &entries, const QStringList &inherited,
                    const ValidatorOptions &options, Report &report)
{
    egress::LintOptions lint = options.egress;
    lint.inherited = inherited;
    for (const egress::Finding &finding : egress::lint(entries, lint)) {
        const auto pointer = childPointer(u"/spec/egress_allowlist"_s, finding.entry);
        report.add(*source.file, source.at(pointer), severityOf(finding.severity),
                   u"%1: %2"_s.arg(readablePath(pointer), finding.message), fixOf(finding));
    }
}

void checkSchedule(const SourceDocument &source, const QString &at, const Trigger &trigger, Report &report)
{
    const auto pointer = at + u"/schedule"_s;
    const bool isCron = trigger.on == Trigger::On::Cron;
    if (isCron == trigger.schedule.isEmpty())
        return report.error(source, at,
                            isCron ? u"%1: a cron trigger needs a schedule"_s.arg(readablePath(at))
                                   : u"%1: only a cron trigger has a schedule"_s.arg(readablePath(at)),
                            isCron ? u"add \"schedule\", such as \"30 4 * * 1-5\""_s : u"remove it"_s);
    if (!isCron)
        return;
    const auto schedule = CronSchedule::parse(trigger.schedule);
    if (!schedule)
        report.error(source, pointer, readablePath(pointer) + u": "_s + schedule.error().message);
    else if (!schedule->next(WallTime{}))
        report.error(source, pointer, u"%1: \"%2\" never comes"_s.arg(readablePath(pointer), trigger.schedule));
}

// A schedule has no event that would name a branch for a pattern.
void checkCronBranch(const SourceDocument &source, const QString &pointer, const QString &branch, Report &report)
{
    if (branch.contains(u'*') || branch.contains(u'?'))
        report.error(source, pointer, u"%1: a cron trigger needs the names of branches"_s.arg(readablePath(pointer)),
                     u"name each branch"_s);
}

void checkTrigger(const SourceDocument &source, qsizetype index, const Trigger &trigger, Report &report)
{
    const auto at = childPointer(u"/spec/triggers"_s, index);
    checkSchedule(source, at, trigger, report);
    const bool isCron = trigger.on == Trigger::On::Cron;
    if (trigger.catchUp && !isCron)
        report.error(source, at + u"/catch_up"_s, u"%1: only a cron trigger catches up"_s.arg(readablePath(at)),
                     u"remove it"_s);
    for (qsizetype i = 0; i < trigger.branches.size(); ++i) {
        const auto pointer = childPointer(at + u"/branches"_s, i);
        if (const auto valid = checkBranchPattern(trigger.branches[i]); !valid)
            report.error(source, pointer, readablePath(pointer) + u": "_s + valid.error().message);
        else if (isCron)
            checkCronBranch(source, pointer, trigger.branches[i], report);
    }
    checkTwice(source, at + u"/branches"_s, trigger.branches, report);
}

void checkAuthentication(const SourceDocument &source, qsizetype index, const GitAuthentication &entry, Report &report)
{
    const auto at = childPointer(u"/spec/git_authentication"_s, index);
    const auto path = readablePath(at);
    if (entry.type == GitAuthentication::Type::SshKey && entry.knownHosts.isEmpty())
        report.error(
            source, at, u"%1: an ssh key is only used with hosts whose keys are known"_s.arg(path),
            u"add \"known_hosts\" with the lines that ssh-keyscan %1 prints, after checking them"_s.arg(entry.host));
    const bool isApp = entry.type == GitAuthentication::Type::GitHubApp;
    if (isApp && (entry.appId == 0 || entry.installationId == 0))
        report.error(source, at, u"%1: a GitHub App signs in with app_id and installation_id"_s.arg(path),
                     u"add both; they stand on the app's and on the installation's page"_s);
    else if (!isApp && (entry.appId != 0 || entry.installationId != 0))
        report.error(source, at, u"%1: only a GitHub App has app_id and installation_id"_s.arg(path),
                     u"remove them, or set \"type\" to \"github_app\""_s);
}

} // namespace

void checkConfig(const Sourced<ConfigDocument> &config, const ValidatorOptions &options, Report &report)
{
    const auto &[source, document] = config;
    checkAllowlist(source, document.egressAllowlist, {}, options, report);
    if (!document.coordinatorImage.isEmpty())
        checkImage(source, u"/spec/kubernetes/coordinator_image"_s, document.coordinatorImage, report);
    QSet<QString> hosts;
    for (qsizetype i = 0; i < document.gitAuthentication.size(); ++i) {
        const auto &entry = document.gitAuthentication[i];
        checkAuthentication(source, i, entry, report);
        const bool isSsh = entry.type == GitAuthentication::Type::SshKey;
        const auto known = hosts.size();
        hosts.insert((isSsh ? u"ssh "_s : u"https "_s) + entry.host);
        if (hosts.size() == known)
            report.error(source, childPointer(u"/spec/git_authentication"_s, i),
                         u"spec.git_authentication[%1]: there is another entry for %2"_s.arg(i).arg(entry.host),
                         u"keep one of them"_s);
    }
}

void checkPipeline(const Sourced<PipelineDocument> &sourced, const QStringList &globalAllowlist,
                   const ValidatorOptions &options, Report &report)
{
    const auto &[source, document] = sourced;
    if (!document.pipeline.branchFilter.isEmpty()) {
        if (const auto valid = checkBranchPattern(document.pipeline.branchFilter); !valid)
            report.error(source, u"/spec/branch_filter"_s, u"spec.branch_filter: "_s + valid.error().message);
    }
    for (qsizetype i = 0; i < document.triggers.size(); ++i)
        checkTrigger(source, i, document.triggers[i], report);
    if (!document.pipeline.image.isEmpty())
        checkImage(source, u"/spec/worker/image"_s, document.pipeline.image, report);
    for (qsizetype i = 0; i < document.pipeline.images.size(); ++i)
        checkImage(source, childPointer(u"/spec/worker/images"_s, i), document.pipeline.images[i], report);
    checkTwice(source, u"/spec/worker/images"_s, document.pipeline.images, report);
    checkTwice(source, u"/spec/secrets"_s, document.pipeline.secrets, report);
    checkAllowlist(source, document.egressAllowlist, globalAllowlist, options, report);
}

} // namespace danube::blueprint
