// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"
#include "shared/egress/explain.h"
#include "shared/egress/policy.h"

namespace danube::egress {

/// What the Blueprint says of egress, ready to be compiled, asked and looked up. Pure.
class EgressLists
{
public:
    EgressLists() = default;
    EgressLists(const blueprint::Snapshot &snapshot, QString commit);

    const PolicyRequest &request() const { return m_request; }
    const QString &commit() const { return m_commit; } ///< empty = there is no Blueprint yet
    /// Those of a pipeline's jobs. Of an unknown pipeline (an old job's, or none) the base list alone.
    Allowlists of(const QString &pipeline) const;
    Mode modeOf(const QString &pipeline) const;
    blueprint::OnViolation onViolationOf(const QString &pipeline) const;

private:
    struct Rules
    {
        QStringList allowlist;
        Mode mode = Mode::Enforce;
        blueprint::OnViolation onViolation = blueprint::OnViolation::Log;
    };
    QString m_commit;
    PolicyRequest m_request;
    Rules m_base;
    QMap<QString, Rules> m_pipelines;
};

} // namespace danube::egress
