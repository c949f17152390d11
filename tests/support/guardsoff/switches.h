// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/systemerror.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

/// Only in programs of the tests (guardsoff.py), never in those that are installed: single protections taken away.
namespace danube::guardsoff {

/// "a+b": of the file "off" beside the program, or handed on by a program that had it.
inline std::string readSwitches()
{
    if (const char *given = std::getenv("DANUBE_TEST_OFF"))
        return given;
    char path[PATH_MAX]{};
    if (::readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        return {};
    std::string text(path);
    std::ifstream file(text.substr(0, text.rfind('/')) + "/off");
    std::getline(file, text);
    return file ? text : std::string();
}
inline const std::string switches = readSwitches();

inline bool isOff(std::string_view name)
{
    for (std::string_view rest = switches; !rest.empty();) {
        const auto end = std::min(rest.find('+'), rest.size());
        if (rest.substr(0, end) == name)
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

/// Instead of giving them up: all that the namespace has, also after programs are run.
inline agent::SystemResult<void> keepPrivileges()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    ::syscall(SYS_capget, &header, data);
    for (auto &word : data)
        word.inheritable = word.permitted;
    ::syscall(SYS_capset, &header, data);
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
    return {};
}

} // namespace danube::guardsoff
