// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>

/// A small Cilium: reads CiliumNetworkPolicy objects as its documentation says and answers what a pod may do. It knows
/// the objects only, not how they were made, so it can contradict the compiler and the explainer. Patterns are read by
/// regular expressions, as Cilium 1.19 does.
class PolicyModel
{
public:
    explicit PolicyModel(QList<QJsonObject> objects) : m_objects(std::move(objects)) {}

    /// May a pod with these labels look the name up at the cluster's resolver?
    bool resolves(const QJsonObject &pod, const QString &name) const
    {
        for (const QJsonValue &rule : rulesFor(pod, QStringLiteral("egress"))) {
            for (const QJsonValue &ports : rule[u"toPorts"].toArray()) {
                if (opens(ports, QStringLiteral("53"), QStringLiteral("UDP")) &&
                    matchesAny(ports[u"rules"][u"dns"].toArray(), name))
                    return true;
            }
        }
        return false;
    }

    /// May it open a TCP connection to what the name resolved to (outside the cluster), naming itself `serverName` in
    /// TLS?
    bool connects(const QJsonObject &pod, const QString &name, int port, const QString &serverName) const
    {
        for (const QJsonValue &rule : rulesFor(pod, QStringLiteral("egress"))) {
            const bool isWorld = rule[u"toEntities"].toArray().contains(QStringLiteral("world"));
            if (!isWorld && !matchesAny(rule[u"toFQDNs"].toArray(), name))
                continue;
            if (!rule.toObject().contains(u"toPorts"))
                return true;
            for (const QJsonValue &ports : rule[u"toPorts"].toArray()) {
                if (!opens(ports, QString::number(port), QStringLiteral("TCP")))
                    continue;
                const QJsonArray serverNames = ports[u"serverNames"].toArray();
                if (serverNames.isEmpty() || matchesPattern(serverNames, serverName))
                    return true;
            }
        }
        return false;
    }

    /// May it reach pods with these labels (keys with "k8s:") at the port?
    bool reaches(const QJsonObject &pod, const QJsonObject &peer, const QString &port) const
    {
        for (const QJsonValue &rule : rulesFor(pod, QStringLiteral("egress"))) {
            for (const QJsonValue &selector : rule[u"toEndpoints"].toArray()) {
                if (!selects(selector.toObject(), peer))
                    continue;
                for (const QJsonValue &ports : rule[u"toPorts"].toArray()) {
                    if (opens(ports, port, QStringLiteral("TCP")))
                        return true;
                }
            }
        }
        return false;
    }

    /// Is a direction refused by default for the pod? A policy turns that on by a section that has rules.
    bool refusesByDefault(const QJsonObject &pod, const QString &direction) const
    {
        return !rulesFor(pod, direction).isEmpty();
    }

    QJsonArray rulesFor(const QJsonObject &pod, const QString &section) const
    {
        QJsonArray rules;
        for (const QJsonObject &object : m_objects) {
            if (!selects(object[u"spec"][u"endpointSelector"].toObject(), pod))
                continue;
            for (const QJsonValue &rule : object[u"spec"][section].toArray())
                rules.append(rule);
        }
        return rules;
    }

private:
    static bool opens(const QJsonValue &ports, const QString &port, const QString &protocol)
    {
        for (const QJsonValue &each : ports[u"ports"].toArray()) {
            if (each[u"port"].toString() == port && each[u"protocol"].toString() == protocol)
                return true;
        }
        return false;
    }

    static bool selects(const QJsonObject &selector, const QJsonObject &labels)
    {
        const QJsonObject wanted = selector[u"matchLabels"].toObject();
        for (auto it = wanted.begin(); it != wanted.end(); ++it) {
            if (labels[it.key()] != it.value())
                return false;
        }
        for (const QJsonValue &expression : selector[u"matchExpressions"].toArray()) {
            const bool isListed = expression[u"values"].toArray().contains(labels[expression[u"key"].toString()]);
            if (expression[u"operator"].toString() == u"NotIn" && isListed)
                return false;
        }
        return true;
    }

    static bool matchesAny(const QJsonArray &selectors, const QString &name)
    {
        for (const QJsonValue &selector : selectors) {
            if (selector[u"matchName"].toString() == name || matchesPattern({selector[u"matchPattern"]}, name))
                return true;
        }
        return false;
    }

    static bool matchesPattern(const QJsonArray &patterns, const QString &name)
    {
        for (const QJsonValue &each : patterns) {
            QString pattern = each.toString();
            if (pattern.isEmpty())
                continue;
            if (pattern == u"*")
                return true;
            const bool isAnyDepth = pattern.startsWith(u"**.");
            pattern = isAnyDepth ? pattern.sliced(3) : pattern;
            pattern.replace(u'.', QStringLiteral("[.]")).replace(u'*', QStringLiteral("[-a-z0-9_]*"));
            pattern.prepend(isAnyDepth ? QStringLiteral("([-a-z0-9_]+[.])+") : QString());
            if (QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(name).hasMatch())
                return true;
        }
        return false;
    }

    QList<QJsonObject> m_objects;
};
