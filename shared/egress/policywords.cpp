// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/policywords.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr qsizetype longestJson = 300; // of a rule that is not ours

QString jsonText(const QJsonValue &value)
{
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    const QString text = QString::fromUtf8(json.sliced(1, json.size() - 2));
    return text.size() > longestJson ? text.first(longestJson) + u'…' : text;
}

QString joined(const QStringList &items)
{
    return items.size() < 2 ? items.join(QString())
                            : items.first(items.size() - 1).join(u", "_s) + u" and "_s + items.last();
}

bool hasOnly(const QJsonObject &object, const QStringList &keys)
{
    return std::ranges::all_of(object.keys(), [&keys](const QString &key) { return keys.contains(key); });
}

QString portText(const QJsonObject &port)
{
    const QJsonValue number = port.value("port"_L1);
    const QString name = number.isDouble() ? QString::number(number.toInt()) : number.toString();
    return port.value("protocol"_L1).toString() + u' ' + name;
}

/// "TCP 80 and TCP 443 (TLS name checked)"; empty = every port.
QString portsText(const QJsonArray &rules)
{
    QStringList ports;
    for (const QJsonValue rule : rules) {
        const QString checked = rule.toObject().contains("serverNames"_L1) ? u" (TLS name checked)"_s : QString();
        for (const QJsonValue port : rule["ports"_L1].toArray())
            ports.append(portText(port.toObject()) + checked);
    }
    ports.sort();
    return joined(ports);
}

QString onPorts(const QString &ports)
{
    return ports.isEmpty() ? u" on every port"_s : u" on "_s + ports;
}

QString labelsText(const QJsonObject &labels)
{
    QStringList parts;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        parts.append(it.key() + u'=' + it->toString());
    return parts.join(u", "_s);
}

QString ciliumPeer(const QJsonObject &selector)
{
    QJsonObject labels;
    QString nameSpace;
    const QJsonObject given = selector.value("matchLabels"_L1).toObject();
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (it.key() == "k8s:io.kubernetes.pod.namespace"_L1)
            nameSpace = it->toString();
        else
            labels.insert(it.key().startsWith("k8s:"_L1) ? it.key().sliced(4) : it.key(), *it);
    }
    return u"pods %1 of namespace %2"_s.arg(labelsText(labels), nameSpace);
}

QString nameOfSelector(const QJsonValue &selector)
{
    const QString name = selector["matchName"_L1].toString();
    return name.isEmpty() ? selector["matchPattern"_L1].toString() : name;
}

QStringList textsOf(const QJsonArray &array)
{
    QStringList texts;
    for (const QJsonValue item : array)
        texts.append(item.isString() ? item.toString() : jsonText(item));
    return texts;
}

/// Words of one egress or egressDeny rule of Cilium's kind.
QStringList ciliumRule(const QString &verb, const QJsonObject &rule)
{
    static const QStringList known{u"toFQDNs"_s, u"toEndpoints"_s, u"toEntities"_s, u"toCIDR"_s, u"toPorts"_s};
    const QJsonArray portRules = rule.value("toPorts"_L1).toArray();
    const bool isOurs =
        !rule.isEmpty() && hasOnly(rule, known) && std::ranges::all_of(portRules, [](const QJsonValue &ports) {
            return hasOnly(ports.toObject(), {u"ports"_s, u"serverNames"_s, u"rules"_s}) &&
                   hasOnly(ports["rules"_L1].toObject(), {u"dns"_s});
        });
    if (!isOurs)
        return {verb + u' ' + jsonText(rule)};
    const QString ports = onPorts(portsText(portRules));
    QStringList words;
    for (const QJsonValue name : rule.value("toFQDNs"_L1).toArray())
        words.append(verb + u' ' + nameOfSelector(name) + ports);
    for (const QJsonValue peer : rule.value("toEndpoints"_L1).toArray())
        words.append(verb + u' ' + ciliumPeer(peer.toObject()) + ports);
    for (const auto key : {"toEntities"_L1, "toCIDR"_L1}) {
        for (const QString &place : textsOf(rule.value(key).toArray()))
            words.append(verb + u' ' + place + ports);
    }
    for (const QJsonValue portRule : portRules) {
        for (const QJsonValue name : portRule["rules"_L1]["dns"_L1].toArray())
            words.append(u"%1 look-ups of %2"_s.arg(verb, nameOfSelector(name)));
    }
    return words;
}

QString plainPeer(const QJsonObject &peer)
{
    if (const QJsonObject block = peer.value("ipBlock"_L1).toObject(); !block.isEmpty()) {
        const QStringList except = textsOf(block.value("except"_L1).toArray());
        return block.value("cidr"_L1).toString() +
               (except.isEmpty() ? QString() : u" but not "_s + except.join(u", "_s));
    }
    const QJsonObject nameSpace = peer["namespaceSelector"_L1]["matchLabels"_L1].toObject();
    return u"pods %1 of namespace %2"_s.arg(labelsText(peer["podSelector"_L1]["matchLabels"_L1].toObject()),
                                            nameSpace.value("kubernetes.io/metadata.name"_L1).toString());
}

QStringList plainRule(const QJsonObject &rule)
{
    if (rule.isEmpty() || !hasOnly(rule, {u"to"_s, u"ports"_s}))
        return {u"allows "_s + jsonText(rule)};
    const QJsonArray portRules{QJsonObject{{u"ports"_s, rule.value("ports"_L1)}}};
    QStringList words;
    for (const QJsonValue peer : rule.value("to"_L1).toArray())
        words.append(u"allows "_s + plainPeer(peer.toObject()) + onPorts(portsText(portRules)));
    return words;
}

QString selectorText(const QJsonObject &selector)
{
    const QString labels = labelsText(selector.value("matchLabels"_L1).toObject());
    QString text = labels.isEmpty() ? u"is for every pod of the namespace"_s : u"is for pods "_s + labels;
    for (const QJsonValue term : selector.value("matchExpressions"_L1).toArray())
        text += u", %1 %2 %3"_s.arg(term["key"_L1].toString(), term["operator"_L1].toString(),
                                    textsOf(term["values"_L1].toArray()).join(u", "_s));
    return text;
}

QStringList ciliumWords(const QJsonObject &spec)
{
    QStringList words{selectorText(spec.value("endpointSelector"_L1).toObject())};
    for (const QJsonValue rule : spec.value("egress"_L1).toArray())
        words.append(ciliumRule(u"allows"_s, rule.toObject()));
    for (const QJsonValue rule : spec.value("egressDeny"_L1).toArray())
        words.append(ciliumRule(u"denies"_s, rule.toObject()));
    for (const QJsonValue rule : spec.value("ingress"_L1).toArray())
        words.append(rule.toObject().isEmpty() ? u"refuses all connections to the pods"_s
                                               : u"lets in "_s + jsonText(rule));
    return words;
}

QStringList plainWords(const QJsonObject &spec)
{
    QStringList words{selectorText(spec.value("podSelector"_L1).toObject())};
    for (const QJsonValue rule : spec.value("egress"_L1).toArray())
        words.append(plainRule(rule.toObject()));
    const QJsonArray ingress = spec.value("ingress"_L1).toArray();
    if (ingress.isEmpty() && spec.value("policyTypes"_L1).toArray().contains(u"Ingress"_s))
        words.append(u"refuses all connections to the pods"_s);
    for (const QJsonValue rule : ingress)
        words.append(u"lets in "_s + jsonText(rule));
    return words;
}

} // namespace

QStringList rulesInWords(const QJsonObject &policy)
{
    const QJsonObject spec = policy.value("spec"_L1).toObject();
    static const QStringList cilium{u"description"_s, u"endpointSelector"_s, u"egress"_s, u"egressDeny"_s,
                                    u"ingress"_s};
    static const QStringList plain{u"podSelector"_s, u"policyTypes"_s, u"egress"_s, u"ingress"_s};
    const bool isPlain = policy.value("kind"_L1).toString() == "NetworkPolicy"_L1;
    QStringList words = isPlain ? plainWords(spec) : ciliumWords(spec);
    for (auto it = spec.begin(); it != spec.end(); ++it) {
        if (!(isPlain ? plain : cilium).contains(it.key()))
            words.append(it.key() + u": "_s + jsonText(*it));
    }
    words.removeDuplicates();
    words.sort();
    return words;
}

} // namespace danube::egress
