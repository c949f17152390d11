// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/linter.h"

namespace danube::egress {

/// One difference of meaning between two allowlists.
struct ListChange
{
    enum class Kind { Added, Removed };
    Kind kind = Kind::Added;
    QString entry;             ///< canonical; as written when it is no entry
    bool changesAccess = true; ///< false: another entry allows the same before and after
    QString sentence;          ///< "opens packages.example.org on ports 80 and 443"
    bool operator==(const ListChange &) const = default;
};

/// Removed first, each kind sorted. Order, case and repetition of entries make no difference.
QList<ListChange> diffAllowlists(const QStringList &before, const QStringList &after, const LintOptions &options = {});

} // namespace danube::egress
