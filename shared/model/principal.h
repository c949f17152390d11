// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

namespace danube {

/// What a route may ask for. Each entry of the route table names exactly one.
enum class Right {
    None,     ///< open to everybody: /health
    Metrics,  ///< /metrics, open by setting
    JobsRead, ///< jobs, steps, pipelines, logs, artifacts, events
    JobsRun,  ///< run, cancel, retry
    BlueprintRead,
    BlueprintWrite,
    SecretsWrite,
    Administer,
};

/// Who makes a request. Every request carries one from the first day; rights per team come with RBAC.
struct Principal
{
    enum class Kind {
        Anonymous,
        Administrator, ///< who holds the one token of auth.mode "dev" or "token"
        User,
        Master, ///< itself: triggers
    };
    Kind kind = Kind::Anonymous;
    QString name; ///< for "triggered by" and the audit log
    bool operator==(const Principal &) const = default;
};

} // namespace danube

Q_DECLARE_METATYPE(danube::Principal)
