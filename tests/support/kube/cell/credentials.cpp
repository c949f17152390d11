// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/cell/credentials.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace danube::cell {
namespace {

bool boundCapabilities(std::uint64_t wanted)
{
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
        if (!(wanted >> capability & 1) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return false;
    return true;
}

/// Also of root: what the bounding set leaves is what execve would give again.
bool setCapabilities(std::uint64_t wanted)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    for (int word = 0; word < 2; ++word) {
        const auto mask = static_cast<std::uint32_t>(wanted >> (32 * word));
        data[word] = {data[word].permitted & mask, data[word].permitted & mask, 0};
    }
    return syscall(SYS_capset, &header, data) == 0;
}

} // namespace

Result<void> takeCredentials(const Options &options)
{
    if (!boundCapabilities(options.capabilities))
        return failed("drop capabilities");
    if (setgroups(options.groups.size(), options.groups.data()) != 0)
        return failed("set groups");
    if (setresgid(options.group, options.group, options.group) != 0)
        return failed("set group " + std::to_string(options.group));
    if (setresuid(options.user, options.user, options.user) != 0)
        return failed("set user " + std::to_string(options.user));
    if (!setCapabilities(options.user == 0 ? options.capabilities : 0))
        return failed("drop capabilities");
    if (options.forbidsNewPrivileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return failed("forbid new privileges");
    return {};
}

} // namespace danube::cell
