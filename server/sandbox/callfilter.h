// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/systemerror.h"

#include <linux/filter.h>

#include <vector>

namespace danube::sandbox {

/// A classic BPF program over seccomp_data. A network namespace holds the families of sockets that know of namespaces;
/// AF_VSOCK (of a virtual machine to its host) and others do not, so sockets are of AF_UNIX, AF_INET, AF_INET6 and
/// AF_NETLINK only; others get EAFNOSUPPORT as on a kernel without them. io_uring makes sockets past every filter, so
/// it is not there (ENOSYS), nor are foreign ways to call the kernel but i386's.
std::vector<sock_filter> callFilter();

/// For this process and all below it. Needs no_new_privs.
agent::SystemResult<void> applyCallFilter();

} // namespace danube::sandbox
