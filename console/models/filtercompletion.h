// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace danube::console {

/// What the filter line of the job table offers at the cursor.
struct FilterCompletion
{
    qsizetype start = 0; ///< of the token that would be replaced
    qsizetype length = 0;
    QStringList tokens; ///< whole tokens: "state:failed", "branch:"; empty = nothing to offer
    bool operator==(const FilterCompletion &) const = default;

    /// Values seen in the jobs, for the tokens that take any.
    struct Known
    {
        QStringList branches;
        QStringList pipelines;
        QStringList triggers;
    };
    static FilterCompletion of(const QString &line, qsizetype cursor, const Known &known);

    static constexpr qsizetype most = 12;
};

} // namespace danube::console
