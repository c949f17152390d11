// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

/// What there is to see of one policy object in the cluster. Pure.
namespace danube::egress {

QString nameOf(const QJsonObject &object); ///< metadata.name

/// Made by this master: labels danube.dev/managed-by and danube.dev/instance.
bool isOurs(const QJsonObject &object, const QString &instance);
QString oursSelector(const QString &instance); ///< the same as a label selector

/// The first place where two values differ.
struct Difference
{
    QString path;   ///< "spec.egress[2].toFQDNs[0].matchName"
    QString wanted; ///< as JSON, cut; empty = absent
    QString found;
    bool operator==(const Difference &) const = default;
};
QString describe(const Difference &difference); ///< one sentence without a full stop

/// The whole spec must be as wanted, also nothing more: policies add up, so a rule that is not ours may open what the
/// list does not. Of labels and annotations ours must be there; others may join them.
std::optional<Difference> driftOf(const QJsonObject &wanted, const QJsonObject &live);

/// A merge patch of `spec` that takes away what `wanted` does not have; empty = nothing. Server-side apply leaves such
/// members to their managers, forced or not.
QJsonObject removalPatch(const QJsonObject &wanted, const QJsonObject &live);

/// Whether `other` is an earlier state than `known`: watch and answers overtake each other.
bool isOlder(const QJsonObject &other, const QJsonObject &known);

/// What the network plugin says of a CiliumNetworkPolicy (status.conditions, type Valid).
struct PluginVerdict
{
    enum class Kind { None, Valid, Invalid };
    Kind kind = Kind::None;
    QString message; ///< of Invalid
    bool operator==(const PluginVerdict &) const = default;
};
PluginVerdict verdictOf(const QJsonObject &live);

} // namespace danube::egress
