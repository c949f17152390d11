// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/descriptorlimit.h"

#include <algorithm>
#include <sys/resource.h>

namespace danube::app {

int raiseDescriptorLimit()
{
    constexpr rlim_t enough = 1'000'000;
    constexpr int usual = 1024;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return usual;
    const rlimit wanted{std::max(files.rlim_cur, std::min(files.rlim_max, enough)), files.rlim_max};
    const rlim_t now = ::setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? wanted.rlim_cur : files.rlim_cur;
    return static_cast<int>(std::min(now, enough));
}

} // namespace danube::app
