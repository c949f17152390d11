// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QJsonValue>
#include <QList>

namespace danube::console {

/// A place that both sides changed, each in its own way.
struct MergeConflict
{
    QString pointer; ///< RFC 6901; empty = the whole file
    QJsonValue base; ///< Undefined = was not there, or was removed
    QJsonValue mine;
    QJsonValue theirs;
    bool operator==(const MergeConflict &) const = default;
};

enum class MergeSide { Mine, Theirs };

/// One file on three sides: as it was loaded, with my edits, and as the branch has it now.
struct MergeInput
{
    QByteArray base;
    QByteArray mine;
    QByteArray theirs;
};

struct Merged
{
    QByteArray text;                ///< theirs with my changes; conflicts are decided by `choices`, else theirs
    QList<MergeConflict> conflicts; ///< all, also the decided ones
    bool operator==(const Merged &) const = default;
};

/// Merges by meaning, not by lines: objects member by member, lists of texts as sets (allowlists, members: order means
/// nothing there), other lists as one value. What only one side changed is taken; theirs keeps its layout. `choices`
/// decide conflicts by pointer. A side that is no JSON makes the whole file one conflict, whose sides are shown as
/// texts, and so does a result that cannot be written into theirs.
Merged merge(const MergeInput &input, const QHash<QString, MergeSide> &choices = {});

} // namespace danube::console
