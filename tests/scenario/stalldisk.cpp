// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into danube-master: while the file named by DANUBE_STALL_FLAG exists, every write and sync of a file below
// a folder "logs" waits, as on a disk that does not answer.
#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void waitForDisk(int file)
{
    const char *flag = std::getenv("DANUBE_STALL_FLAG");
    if (!flag || access(flag, F_OK) != 0)
        return;
    char link[64];
    char path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return;
    path[size] = '\0';
    while (std::strstr(path, "/logs/") && access(flag, F_OK) == 0)
        usleep(20'000);
}

template <typename Function> Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    static const auto call = next<ssize_t (*)(int, const void *, size_t, off_t)>("pwrite");
    waitForDisk(file);
    return call(file, data, size, offset);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset)
{
    static const auto call = next<ssize_t (*)(int, const void *, size_t, off64_t)>("pwrite64");
    waitForDisk(file);
    return call(file, data, size, offset);
}

int fdatasync(int file)
{
    static const auto call = next<int (*)(int)>("fdatasync");
    waitForDisk(file);
    return call(file);
}

} // extern "C"
