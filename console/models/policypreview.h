// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/textdifference.h"
#include "shared/blueprint/documents.h"
#include "shared/egress/policy.h"

namespace danube::console {

/// One line of the generated policy.
struct PolicyLine
{
    enum class Origin { System, Yours }; ///< rules that every master has, or that come from a list
    DiffLine::Kind change = DiffLine::Kind::Same;
    Origin origin = Origin::System;
    QString text;
    bool operator==(const PolicyLine &) const = default;
};

/// What a change of the lists does to the policies that the master applies.
struct PolicyPreview
{
    QList<PolicyLine> lines; ///< YAML documents; without the removed lines it is what will be applied, but for
                             ///< the digest
    QStringList notes;       ///< of the compiler, of the lists after the edit
    int added = 0;
    int removed = 0;
    bool operator==(const PolicyPreview &) const = default;

    QByteArray yaml() const; ///< as it will be applied
};

egress::PolicyRequest policyRequestOf(const blueprint::Snapshot &snapshot);
/// InvalidArgument when the lists after the edit cannot be compiled; the message names list and entry. Lists before
/// the edit that cannot be compiled count as empty.
Result<PolicyPreview> previewPolicy(const egress::PolicyRequest &before, const egress::PolicyRequest &after,
                                    const egress::PolicySettings &settings);

} // namespace danube::console
