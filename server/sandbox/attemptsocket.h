// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/descriptor.h"
#include "server/agent/systemerror.h"

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

namespace danube::sandbox {

/// A classic BPF program over packets from their IP header on: lets through the first packet of each TCP connection to
/// an address that the guard may have given (198.18.0.0/15, 100::/64), on a port that is not among `served`.
std::vector<sock_filter> attemptFilter(std::span<const std::uint16_t> served);

/// A packet socket that hears such packets of this network namespace, so that what the kernel refuses leaves a record,
/// too. Needs CAP_NET_RAW here. EAFNOSUPPORT: the kernel has no packet sockets.
agent::SystemResult<agent::Descriptor> openAttemptSocket(std::span<const std::uint16_t> served);

} // namespace danube::sandbox
