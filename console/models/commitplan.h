// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/allowlistmodel.h"
#include "console/models/blueprintworkspace.h"

namespace danube::console {

/// "+2 hosts, −1 host, max_duration_seconds 3600 → 1800": what a set of changes amounts to, in one line.
QString summaryOf(const QList<blueprint::Change> &changes);
/// What the message field begins with: a subject within 50 characters where that is possible.
QString messageTemplateOf(const QList<blueprint::Change> &changes);

struct CommitRisk
{
    enum class Weight { Note, Serious };
    Weight weight = Weight::Note;
    QString text; ///< one sentence
    bool operator==(const CommitRisk &) const = default;
};

/// What else is known when a change is judged.
struct CommitSurroundings
{
    bool isProduction = false;
    QString profile;
    std::optional<EntryUses> uses = {}; ///< nullopt: the master does not record them
};
/// What somebody should have seen before committing; serious ones first.
QList<CommitRisk> risksOf(const blueprint::Snapshot &before, const blueprint::Snapshot &after,
                          const egress::LintOptions &options, const CommitSurroundings &surroundings);

/// Why the workspace's edits cannot be committed; empty when they can. `writeBlocked` is the session's reason (locked,
/// not connected), empty when it has none.
QString whyNoCommit(const BlueprintWorkspace &workspace, const QString &message, const QString &writeBlocked);

constexpr qsizetype maxMessageLine = 72; ///< git's own convention for a line of a commit message
/// The hint below the message: what is too long, or an empty text.
QString messageHint(const QString &message);

} // namespace danube::console
