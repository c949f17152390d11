// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/eventloop.h"
#include "server/guard/guardpolicy.h"
#include "server/guard/ledger.h"
#include "server/guard/nameservice.h"
#include "server/guard/nametable.h"
#include "server/guard/pipepool.h"

#include <array>

namespace danube::guard {

/// What all connections and queries of one guard share. Outlives them.
struct Site
{
    EventLoop &loop;
    const GuardConfig &config;
    GuardPolicy &policy;
    NameTable &names;
    NameService &addresses;
    Ledger &ledger;
    PipePool pipes{};
    std::array<char, 64 << 10> scratch{}; ///< for one read at a time

    bool isAudit() const { return policy.mode() == egress::Mode::Audit; }
};

} // namespace danube::guard
