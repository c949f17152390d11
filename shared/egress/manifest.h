// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/resolve.h"

#include <QJsonArray>

/// What both kinds of policy objects have in common. Internal to shared/egress.
namespace danube::egress {

/// The parts of one object that are not its rules.
struct Manifest
{
    QLatin1StringView apiVersion;
    QLatin1StringView kind;
    QString suffix; ///< of the name: "<instance>-egress<suffix>"
    Mode mode = Mode::Enforce;
    QString pipelineLabel{};
    QJsonObject annotations{};
};

/// Labels danube.dev/{managed-by, instance, egress-mode, pipeline}; annotation danube.dev/policy-digest over the spec.
QJsonObject makeObject(const Manifest &manifest, const QJsonObject &spec, const PolicySettings &settings);

/// Digest of all specs; ResourceExhausted when an object is longer than maxPolicyBytes.
Result<PolicySet> makeSet(QList<QJsonObject> objects, QStringList notes);

/// Which of the jobs' pods a policy is for, as a label selector. `except` excludes pipelines by label.
QJsonObject selectPods(const PolicySettings &settings, const QString &pipelineLabel, const QStringList &except = {});

QJsonArray toJson(const QStringList &list);

} // namespace danube::egress
