// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/servicetext.h"

using namespace Qt::StringLiterals;

namespace danube::egress {

Result<Service> parseService(const QString &text)
{
    const auto refused = fail(ErrorCode::InvalidArgument,
                              u"'%1': expected NAME.NAMESPACE:PORT[/TARGET]=KEY=VALUE[,KEY=VALUE]"_s.arg(text));
    const QString place = text.section(u'=', 0, 0);
    const QString target = place.section(u'/', 1);
    const auto entry = Entry::parse(place.section(u'/', 0, 0));
    if (!entry || !entry->isInCluster() || !entry->port())
        return refused;
    Service service{entry->service(), {entry->serviceNamespace(), {}}, {{*entry->port(), target}}};
    for (const QString &pair : text.section(u'=', 1).split(u',')) {
        const QString key = pair.section(u'=', 0, 0);
        if (key.isEmpty() || !pair.contains(u'='))
            return refused;
        service.pods.labels.insert(key, pair.section(u'=', 1));
    }
    return service;
}

} // namespace danube::egress
