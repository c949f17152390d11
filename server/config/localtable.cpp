// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

using L = LocalConfig;

template <auto member> bool differs(const Config &a, const Config &b)
{
    return a.local.*member != b.local.*member;
}

bool isName(const QString &text)
{
    static const QRegularExpression name(
        QRegularExpression::anchoredPattern(u"([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?\\.)*[a-z0-9]([-a-z0-9]{0,61}"
                                            "[a-z0-9])?"_s));
    return text.size() <= 253 && name.match(text).hasMatch();
}

/// "192.0.2.1", "2001:db8::1", "192.0.2.1:8443", "[2001:db8::1]:8443"
bool isPlace(const QString &text)
{
    if (!QHostAddress(text).isNull())
        return true;
    const auto colon = text.lastIndexOf(u':');
    bool isNumber = false;
    const int port = text.mid(colon + 1).toInt(&isNumber);
    QString address = text.left(std::max<qsizetype>(colon, 0));
    const bool isBracketed = address.startsWith(u'[') && address.endsWith(u']');
    if (isBracketed)
        address = address.mid(1, address.size() - 2);
    return isNumber && port > 0 && port <= 65'535 && address.contains(u':') == isBracketed &&
           !QHostAddress(address).isNull();
}

bool isMapping(const QString &text)
{
    return text.contains(u'=') && isName(text.section(u'=', 0, 0)) && isPlace(text.section(u'=', 1));
}

bool isFolder(const QString &text)
{
    const auto parts = text.mid(1).split(u'/');
    return text.startsWith(u'/') && std::ranges::none_of(parts, [](const QString &part) {
               return part.isEmpty() || part == "."_L1 || part == ".."_L1;
           });
}

Expected setResolver(Config &config, const Value &value)
{
    QString text;
    if (const auto expected = setText(text, value))
        return expected;
    if (!text.isEmpty() && (!isPlace(text) || !QHostAddress(text).isNull()))
        return u"a DNS server such as \"192.0.2.53:53\""_s;
    config.local.egressResolver = text;
    return {};
}

Expected setOrphanLimit(Config &config, const Value &value)
{
    constexpr milliseconds least{60'000}; // a master needs that long to be replaced
    constexpr milliseconds most{std::chrono::days(30)};
    milliseconds limit{};
    if (const auto expected = setDuration(limit, value))
        return expected;
    if (limit < least || limit > most)
        return u"a time from \"1m\" to \"720h\""_s;
    config.local.orphanLimit = limit;
    return {};
}

constexpr std::array table{
    Setting{"local.egress",
            [](Config &c, const Value &v) { return setText(c.local.egress, v, {u"enforce"_s, u"audit"_s, u"off"_s}); },
            differs<&L::egress>},
    Setting{"local.egress_hosts",
            [](Config &c, const Value &v) {
                return setEntries(c.local.egressHosts, v, isMapping,
                                  u"entries such as \"packages.example.org=192.0.2.7:8443\""_s);
            },
            differs<&L::egressHosts>},
    Setting{"local.egress_private_hosts",
            [](Config &c, const Value &v) {
                return setEntries(c.local.egressPrivateHosts, v, isName,
                                  u"names in lower case such as \"packages.example.org\""_s);
            },
            differs<&L::egressPrivateHosts>},
    Setting{"local.egress_resolver", setResolver, differs<&L::egressResolver>},
    Setting{"local.orphan_limit", setOrphanLimit, differs<&L::orphanLimit>},
    Setting{"local.visible_paths",
            [](Config &c, const Value &v) {
                return setEntries(c.local.visiblePaths, v, isFolder, u"absolute paths such as \"/srv/toolchains\""_s);
            },
            differs<&L::visiblePaths>},
};

} // namespace

std::span<const Setting> localSettings()
{
    return table;
}

} // namespace danube::config
