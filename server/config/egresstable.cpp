// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

using E = EgressConfig;

bool matches(const QString &text, const char *expression)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(QString::fromLatin1(expression)))
        .match(text)
        .hasMatch();
}

template <auto member> bool differs(const Config &a, const Config &b)
{
    return a.egress.*member != b.egress.*member;
}

template <auto member> constexpr Setting flag(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setBoolean(c.egress.*member, v); }, differs<member>};
}

template <auto member>
Expected setMatching(Config &config, const Value &value, const char *expression, const char *words)
{
    QString text;
    if (const auto expected = setText(text, value))
        return expected;
    if (!matches(text, expression))
        return QString::fromLatin1(words);
    config.egress.*member = text;
    return {};
}

bool isLabel(const QString &text)
{
    return matches(text, "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?="
                         "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
}

bool isService(const QString &text)
{
    return matches(
        text, "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?:[0-9]{1,5}(/[-a-z0-9]{1,15})?="
              "[^=,]+=[^=,]*(,[^=,]+=[^=,]*)*");
}

bool isRange(const QString &text)
{
    return text.contains(u'/') && QHostAddress::parseSubnet(text).second >= 0;
}

constexpr std::array table{
    flag<&E::apply>("egress.apply"),
    flag<&E::repair>("egress.repair"),
    Setting{"egress.flows_file", [](Config &c, const Value &v) { return setText(c.egress.flowsFile, v); },
            differs<&E::flowsFile>},
    Setting{"egress.cilium_version",
            [](Config &c, const Value &v) {
                return setMatching<&E::ciliumVersion>(c, v, "v?1\\.[0-9]{1,3}([.-][0-9A-Za-z.-]{1,20})?",
                                                      "a version of Cilium such as \"1.19\"");
            },
            differs<&E::ciliumVersion>},
    Setting{"egress.dns_namespace",
            [](Config &c, const Value &v) {
                return setMatching<&E::dnsNamespace>(c, v, "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
                                                     "a name of lower-case letters, digits and dashes");
            },
            differs<&E::dnsNamespace>},
    Setting{"egress.dns_labels",
            [](Config &c, const Value &v) {
                return setEntries(c.egress.dnsLabels, v, isLabel, u"labels such as \"k8s-app=kube-dns\""_s);
            },
            differs<&E::dnsLabels>},
    Setting{"egress.dns_port", [](Config &c, const Value &v) { return setInteger(c.egress.dnsPort, v, 1, 65'535); },
            differs<&E::dnsPort>},
    Setting{"egress.services",
            [](Config &c, const Value &v) {
                return setEntries(c.egress.services, v, isService,
                                  u"Services such as \"registry.danube-system:5000=app=registry\""_s);
            },
            differs<&E::services>},
    Setting{"egress.fallback_cidrs",
            [](Config &c, const Value &v) {
                return setEntries(c.egress.fallbackCidrs, v, isRange, u"address ranges such as \"192.0.2.0/24\""_s);
            },
            differs<&E::fallbackCidrs>},
    Setting{"egress.canary_host",
            [](Config &c, const Value &v) {
                return setMatching<&E::canaryHost>(c, v, "([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{1,63}|",
                                                   "a host name such as \"example.com\", or \"\" for no canary");
            },
            differs<&E::canaryHost>},
    Setting{"egress.canary_interval", [](Config &c, const Value &v) { return setDuration(c.egress.canaryInterval, v); },
            differs<&E::canaryInterval>},
};

} // namespace

std::span<const Setting> egressSettings()
{
    return table;
}

} // namespace danube::config
