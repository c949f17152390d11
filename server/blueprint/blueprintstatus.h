// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

namespace danube::blueprint {

/// What there is to know of the configuration: which commit is active, and what of the branch is not.
struct BlueprintStatus
{
    QString repository; ///< URL without credentials
    QString branch;
    QString path;
    QString activeCommit; ///< empty: none was ever accepted
    WallTime activeSince{};
    QString headCommit;           ///< of the branch when it was last seen
    QList<Finding> findings;      ///< of the head: why it was refused, or what is odd in it
    std::optional<Error> failure; ///< of the last attempt to look at the branch
    WallTime lastAttempt{};
    WallTime lastContact{}; ///< last attempt that reached the repository
    bool operator==(const BlueprintStatus &) const = default;

    bool isCurrent() const { return !activeCommit.isEmpty() && activeCommit == headCommit && !failure && !isRefused(); }
    /// Also of the active commit, when its signer is no longer believed.
    bool isRefused() const { return !headCommit.isEmpty() && hasErrors(findings); }
};

/// {repository, branch, path, active_commit, active_since, head_commit, state, findings, error?, last_attempt,
/// last_contact}; state: current, refused, unreachable, none, pending.
QJsonObject toJson(const BlueprintStatus &status);
/// One sentence for /health/ready and logs.
QString describe(const BlueprintStatus &status);

} // namespace danube::blueprint
