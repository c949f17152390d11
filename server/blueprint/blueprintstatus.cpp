// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/blueprintstatus.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

QString stateOf(const BlueprintStatus &status)
{
    if (status.failure)
        return u"unreachable"_s;
    if (status.isRefused())
        return u"refused"_s;
    if (status.isCurrent())
        return u"current"_s;
    return status.lastAttempt == WallTime() ? u"pending"_s : u"none"_s;
}

QString shortened(const QString &commit)
{
    return commit.left(12);
}

} // namespace

QJsonObject toJson(const BlueprintStatus &status)
{
    QJsonArray findings;
    for (const Finding &finding : status.findings)
        findings.append(toJson(finding));
    QJsonObject object{{u"repository"_s, status.repository},
                       {u"branch"_s, status.branch},
                       {u"path"_s, status.path},
                       {u"active_commit"_s, status.activeCommit},
                       {u"active_since"_s, toRfc3339(status.activeSince)},
                       {u"head_commit"_s, status.headCommit},
                       {u"state"_s, stateOf(status)},
                       {u"findings"_s, findings},
                       {u"last_attempt"_s, toRfc3339(status.lastAttempt)},
                       {u"last_contact"_s, toRfc3339(status.lastContact)}};
    if (status.failure)
        object.insert(u"error"_s, status.failure->message);
    return object;
}

QString describe(const BlueprintStatus &status)
{
    const auto active = status.activeCommit.isEmpty() ? u"no configuration was ever accepted"_s
                                                      : u"commit %1 is active"_s.arg(shortened(status.activeCommit));
    if (status.failure) {
        const auto seen = status.lastContact == WallTime()
                              ? u"the repository was never reached"_s
                              : u"the repository was last reached at %1"_s.arg(toRfc3339(status.lastContact));
        return u"%1; %2; %3"_s.arg(active, seen, status.failure->message);
    }
    if (status.isRefused()) {
        const auto first = std::ranges::find(status.findings, Severity::Error, &Finding::severity);
        return u"%1; commit %2 is refused: %3"_s.arg(active, shortened(status.headCommit), describe(*first));
    }
    return status.isCurrent() ? u"ok"_s : active;
}

} // namespace danube::blueprint
