// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/guardconfig.h"

namespace danube::guard::tests {

inline GuardConfig configOf(const QStringList &entries, egress::Mode mode = egress::Mode::Enforce)
{
    GuardConfig config;
    config.job = QStringLiteral("0abcdefghijklmno");
    config.pipeline = QStringLiteral("web");
    config.jobsNamespace = QStringLiteral("danube-jobs");
    config.entries = entries;
    config.mode = mode;
    return config;
}

} // namespace danube::guard::tests
