// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/mappedbytes.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>

#include <sys/mman.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// The mappings a SIGBUS may come from: fixed slots of atomics, because a signal handler reads them.
struct Range
{
    std::atomic<uintptr_t> begin{0};
    std::atomic<uintptr_t> end{0};
};
constexpr size_t rangeCount = 128; // more mappings than that are unguarded
Range ranges[rangeCount];
long pageSize = 4096;
struct sigaction previousAction;

bool isGuarded(uintptr_t address)
{
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [address](const Range &range) { return address >= range.begin && address < range.end; });
}

void onBusError(int signal, siginfo_t *info, void *)
{
    const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
    void *page = reinterpret_cast<void *>(address & ~uintptr_t(pageSize - 1)); // NOLINT(performance-no-int-to-ptr)
    if (isGuarded(address) &&
        mmap(page, size_t(pageSize), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
        return;
    sigaction(signal, &previousAction, nullptr); // not ours: the access is repeated and ends as it would have
}

void installGuard()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = sysconf(_SC_PAGESIZE);
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigaction(SIGBUS, &action, &previousAction);
    });
}

void guard(uintptr_t begin, uintptr_t end)
{
    for (Range &range : ranges) {
        uintptr_t unused = 0;
        if (range.begin.compare_exchange_strong(unused, begin)) {
            range.end = end;
            return;
        }
    }
}

void unguard(uintptr_t begin)
{
    for (Range &range : ranges) {
        if (range.begin == begin) {
            range.end = 0;
            range.begin = 0;
            return;
        }
    }
}

} // namespace

Result<std::shared_ptr<const MappedBytes>> MappedBytes::map(int descriptor, int64_t length, const QString &name)
{
    installGuard();
    void *data = mmap(nullptr, size_t(length), PROT_READ, MAP_SHARED, descriptor, 0);
    if (data == MAP_FAILED)
        return failErrno(u"map '%1'"_s.arg(name), errno);
    const auto begin = reinterpret_cast<uintptr_t>(data);
    guard(begin, begin + uintptr_t(length));
    return std::shared_ptr<const MappedBytes>(new MappedBytes(static_cast<const char *>(data), length));
}

MappedBytes::~MappedBytes()
{
    unguard(reinterpret_cast<uintptr_t>(m_data));
    munmap(const_cast<char *>(m_data), size_t(m_length));
}

} // namespace danube::console
