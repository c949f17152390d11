// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/hostname.h"

#include "shared/egress/entry.h"

namespace danube::guard {

std::string canonicalHostName(std::string_view name)
{
    const QString text = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    return egress::isIpAddress(text) ? std::string() : egress::canonicalName(text).toStdString();
}

} // namespace danube::guard
