// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

namespace danube::egress {

/// One difference between two policy objects as JSON.
struct FieldChange
{
    QString path;      ///< "spec.egress[2].toFQDNs[0]"; the index is that of `after`, of `before` when it is removed
    QJsonValue before; ///< undefined: added
    QJsonValue after;  ///< undefined: removed
    bool operator==(const FieldChange &) const = default;
};

/// One policy object that a change of the lists makes, changes or takes away.
struct PolicyChange
{
    enum class Verb { Added, Removed, Changed };
    Verb verb = Verb::Changed;
    QString kind;             ///< "CiliumNetworkPolicy", "NetworkPolicy"
    QString name;             ///< metadata.name
    QString pipeline;         ///< as its label; empty = every job
    QStringList rulesAdded{}; ///< in words (policywords.h)
    QStringList rulesRemoved{};
    QList<FieldChange> fields{}; ///< of Changed; at most maxFieldChanges
    QJsonObject before{};        ///< empty: added
    QJsonObject after{};         ///< empty: removed
    bool operator==(const PolicyChange &) const = default;
};
constexpr qsizetype maxFieldChanges = 500;

/// By kind and name, in the order of `after`, then what goes. Elements of an array are told apart by what they are, not
/// where they stand: a rule put in front of others is one addition. The digest annotation, which follows from the rest,
/// makes no difference. Pure; time is about linear in the size of the objects.
QList<PolicyChange> diffPolicies(const QList<QJsonObject> &before, const QList<QJsonObject> &after);

/// One sentence: `CiliumNetworkPolicy danube-egress-pipeline-web is added`.
QString describe(const PolicyChange &change);
/// {change: "added" | "removed" | "changed", kind, name, pipeline?, text, rules: [{change: "added" | "removed", text}],
/// fields: [{path, before?, after?}], before?, after?}.
QJsonObject toJson(const PolicyChange &change);
PolicyChange policyChangeFromJson(const QJsonObject &object); ///< inverse of toJson

} // namespace danube::egress
