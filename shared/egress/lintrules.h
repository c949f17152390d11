// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/linter.h"

/// The linter's rules, by what they look at. Internal to shared/egress.
namespace danube::egress::rules {

/// What is wrong with a text that is no entry.
Finding defectFinding(const QString &text, EntryDefect defect, const ClusterNames &cluster);

/// One entry by itself: how it is written, what it lets through. `text` is what stands in the list.
QList<Finding> entryFindings(const QString &text, const Entry &entry, const LintOptions &options);

/// One entry among the others. `others` holds the readable entries of the list and of the inherited one; those before
/// `self` are `earlier`.
struct Neighbour
{
    Entry entry;
    qsizetype index = -1; ///< in the list; -1 = inherited
};
QList<Finding> relationFindings(const Neighbour &self, const QList<Neighbour> &all, const LintOptions &options);

} // namespace danube::egress::rules
