// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/knownhosts.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::egress::known {
namespace {

constexpr std::array secondLevelSuffixes{
    "ac.jp"_L1,  "ac.uk"_L1,  "co.in"_L1,  "co.jp"_L1,  "co.kr"_L1,  "co.nz"_L1,  "co.uk"_L1,  "co.za"_L1,
    "com.ar"_L1, "com.au"_L1, "com.br"_L1, "com.cn"_L1, "com.mx"_L1, "com.sg"_L1, "com.tr"_L1, "com.tw"_L1,
    "gov.uk"_L1, "me.uk"_L1,  "ne.jp"_L1,  "net.au"_L1, "net.br"_L1, "net.cn"_L1, "or.jp"_L1,  "or.kr"_L1,
    "org.au"_L1, "org.br"_L1, "org.cn"_L1, "org.nz"_L1, "org.uk"_L1,
};

constexpr std::array resolvers{
    "chrome.cloudflare-dns.com"_L1,
    "cloudflare-dns.com"_L1,
    "dns.adguard-dns.com"_L1,
    "dns.alidns.com"_L1,
    "dns.controld.com"_L1,
    "dns.google"_L1,
    "dns.google.com"_L1,
    "dns.mullvad.net"_L1,
    "dns.nextdns.io"_L1,
    "dns.quad9.net"_L1,
    "dns0.eu"_L1,
    "dns10.quad9.net"_L1,
    "dns9.quad9.net"_L1,
    "doh.applied-privacy.net"_L1,
    "doh.cleanbrowsing.org"_L1,
    "doh.dns.sb"_L1,
    "doh.libredns.gr"_L1,
    "doh.opendns.com"_L1,
    "doh.pub"_L1,
    "mozilla.cloudflare-dns.com"_L1,
    "one.one.one.one"_L1,
    "ordns.he.net"_L1,
    "security.cloudflare-dns.com"_L1,
};

struct Row
{
    QLatin1StringView domain;
    Sharing sharing;
};

constexpr std::array sharedDomains{
    Row{"akamaihd.net"_L1, Sharing::Address},
    Row{"akamaized.net"_L1, Sharing::Address},
    Row{"amazonaws.com"_L1, Sharing::Names},
    Row{"appspot.com"_L1, Sharing::Names},
    Row{"azureedge.net"_L1, Sharing::Names},
    Row{"azurefd.net"_L1, Sharing::Names},
    Row{"azurewebsites.net"_L1, Sharing::Names},
    Row{"b-cdn.net"_L1, Sharing::Names},
    Row{"blob.core.windows.net"_L1, Sharing::Names},
    Row{"cdn77.org"_L1, Sharing::Names},
    Row{"cloudapp.azure.com"_L1, Sharing::Names},
    Row{"cloudfront.net"_L1, Sharing::Names},
    Row{"ddns.net"_L1, Sharing::Tunnels},
    Row{"digitaloceanspaces.com"_L1, Sharing::Names},
    Row{"duckdns.org"_L1, Sharing::Tunnels},
    Row{"dyndns.org"_L1, Sharing::Tunnels},
    Row{"edgekey.net"_L1, Sharing::Address},
    Row{"edgesuite.net"_L1, Sharing::Address},
    Row{"fastly.net"_L1, Sharing::Address},
    Row{"fastlylb.net"_L1, Sharing::Address},
    Row{"firebaseapp.com"_L1, Sharing::Names},
    Row{"fly.dev"_L1, Sharing::Names},
    Row{"github.io"_L1, Sharing::Names},
    Row{"githubusercontent.com"_L1, Sharing::Address},
    Row{"gitlab.io"_L1, Sharing::Names},
    Row{"herokuapp.com"_L1, Sharing::Names},
    Row{"loca.lt"_L1, Sharing::Tunnels},
    Row{"netlify.app"_L1, Sharing::Names},
    Row{"ngrok-free.app"_L1, Sharing::Tunnels},
    Row{"ngrok.app"_L1, Sharing::Tunnels},
    Row{"ngrok.io"_L1, Sharing::Tunnels},
    Row{"nip.io"_L1, Sharing::Tunnels},
    Row{"no-ip.org"_L1, Sharing::Tunnels},
    Row{"oast.fun"_L1, Sharing::Tunnels},
    Row{"oast.pro"_L1, Sharing::Tunnels},
    Row{"oastify.com"_L1, Sharing::Tunnels},
    Row{"onrender.com"_L1, Sharing::Names},
    Row{"pages.dev"_L1, Sharing::Names},
    Row{"r2.dev"_L1, Sharing::Names},
    Row{"run.app"_L1, Sharing::Names},
    Row{"serveo.net"_L1, Sharing::Tunnels},
    Row{"sslip.io"_L1, Sharing::Tunnels},
    Row{"storage.googleapis.com"_L1, Sharing::Names},
    Row{"trafficmanager.net"_L1, Sharing::Names},
    Row{"trycloudflare.com"_L1, Sharing::Tunnels},
    Row{"vercel.app"_L1, Sharing::Names},
    Row{"web.app"_L1, Sharing::Names},
    Row{"webhook.site"_L1, Sharing::Tunnels},
    Row{"workers.dev"_L1, Sharing::Names},
};

bool isAtOrBelow(const QString &name, QLatin1StringView domain)
{
    return name.endsWith(domain) && (name.size() == domain.size() || name[name.size() - domain.size() - 1] == u'.');
}

} // namespace

qsizetype publicSuffixLabels(const QStringList &labels)
{
    if (labels.size() < 2)
        return labels.size();
    const QString last = labels.sliced(labels.size() - 2).join(u'.');
    return std::ranges::find(secondLevelSuffixes, last) != secondLevelSuffixes.end() ? 2 : 1;
}

std::optional<QString> resolverIn(const Pattern &pattern)
{
    if (pattern.isMatchAll())
        return std::nullopt;
    for (const QLatin1StringView resolver : resolvers) {
        const bool isBelow = pattern.isName() && isAtOrBelow(pattern.text(), resolver);
        if (isBelow || pattern.matches(QString(resolver)))
            return resolver;
    }
    return std::nullopt;
}

SharedDomain sharedDomainOf(const QStringList &labels)
{
    const QString name = labels.join(u'.');
    const auto *const row =
        std::ranges::find_if(sharedDomains, [&](const Row &each) { return isAtOrBelow(name, each.domain); });
    return row == sharedDomains.end() ? SharedDomain() : SharedDomain{row->domain, row->sharing};
}

} // namespace danube::egress::known
