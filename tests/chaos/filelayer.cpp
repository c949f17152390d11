// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into danube-master (and only it acts): sees what the master does to files below DANUBE_FILES_ROOT.
//
// DANUBE_FILES_TRACE names a file that gets one record per change, in the order in which they took effect: a line of
// JSON, and after it `size` raw bytes where it has some. tests/chaos/powercut.py replays it.
//
// DANUBE_FILES_RULES names a file of rules, read again when it is replaced: "OP PART SKIP COUNT ACTION [NUMBER]". OP is
// open, write, sync, rename, link, unlink, mkdir, truncate or any; PART must be in the path, with a $ behind it at its
// end. The first SKIP such calls pass, the next COUNT (-1: all) meet the action: errno NUMBER, delay MILLISECONDS
// (before the call), short (half of a write), kill-before, kill-after, kill-half (half of a write, then the kill).
// DANUBE_FILES_HITS names a file that gets a line per call that met one. A master that was killed after a call has
// recorded all that took effect.
//
// A static program (danube-agent) cannot be preloaded. Its files (spool, exit records) live as long as the container
// and no longer, so that a power cut has nothing to say about them.
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

namespace {

template <class Function> Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Rule
{
    std::string operation, part, action;
    long skip = 0, count = -1, number = 0;
};

struct Layer
{
    std::string root, rulesPath, hitsPath;
    int trace = -1;
    std::vector<Rule> rules;
    struct timespec rulesTime = {};
    ino_t rulesFile = 0;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    bool isActive = false;
};

Layer &layer()
{
    static Layer *one = [] {
        auto *made = new Layer;
        char program[PATH_MAX] = "";
        const ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
        const char *root = getenv("DANUBE_FILES_ROOT");
        made->isActive = root && size > 0 && strstr(program, "danube-master");
        if (!made->isActive)
            return made;
        made->root = root;
        // A child may have been forked while another thread had the lock; before its exec it has nothing to record.
        pthread_atfork(nullptr, nullptr, [] { layer().isActive = false; });
        if (const char *path = getenv("DANUBE_FILES_TRACE"))
            made->trace =
                static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (const char *path = getenv("DANUBE_FILES_RULES"))
            made->rulesPath = path;
        if (const char *path = getenv("DANUBE_FILES_HITS"))
            made->hitsPath = path;
        return made;
    }();
    return *one;
}

class Lock
{
public:
    Lock() { pthread_mutex_lock(&layer().mutex); }
    ~Lock() { pthread_mutex_unlock(&layer().mutex); }
};

std::string pathOf(int file)
{
    char link[64];
    char path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    return size > 0 ? std::string(path, static_cast<size_t>(size)) : std::string();
}

std::string pathOf(int directory, const char *name)
{
    if (name[0] == '/')
        return name;
    char here[PATH_MAX];
    const std::string base =
        directory == AT_FDCWD ? std::string(getcwd(here, sizeof here) ? here : "") : pathOf(directory);
    return base + '/' + name;
}

bool isOurs(const std::string &path)
{
    return layer().isActive && path.compare(0, layer().root.size(), layer().root) == 0;
}

unsigned long long identity(int file)
{
    struct stat status = {};
    return fstat(file, &status) == 0 ? status.st_ino : 0;
}

unsigned long long identity(const std::string &path)
{
    struct stat status = {};
    return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

void writeAll(int file, const char *data, size_t size)
{
    while (size > 0) {
        const long written = syscall(SYS_write, file, data, size);
        if (written <= 0)
            return;
        data += written;
        size -= static_cast<size_t>(written);
    }
}

/// Under the lock. Paths of the master hold no characters that JSON would mind.
void record(const char *operation, const std::string &path, unsigned long long inode, long long offset = 0,
            const void *data = nullptr, size_t size = 0, const std::string &other = {})
{
    if (layer().trace < 0)
        return;
    char head[2 * PATH_MAX + 200];
    const size_t root = layer().root.size();
    const int length =
        snprintf(head, sizeof head,
                 "{\"op\":\"%s\",\"path\":\"%s\",\"to\":\"%s\",\"inode\":%llu,\"offset\":%lld,\"size\":%zu}\n",
                 operation, path.c_str() + std::min(root, path.size()),
                 other.empty() ? "" : other.c_str() + std::min(root, other.size()), inode, offset, size);
    std::string whole(head, static_cast<size_t>(length));
    whole.append(static_cast<const char *>(data ? data : ""), data ? size : 0);
    writeAll(layer().trace, whole.data(), whole.size());
}

void readRules()
{
    struct stat status = {};
    if (layer().rulesPath.empty() || stat(layer().rulesPath.c_str(), &status) != 0) {
        layer().rules.clear();
        return;
    }
    if (status.st_ino == layer().rulesFile && memcmp(&status.st_mtim, &layer().rulesTime, sizeof status.st_mtim) == 0)
        return;
    layer().rulesFile = status.st_ino;
    layer().rulesTime = status.st_mtim;
    layer().rules.clear();
    FILE *file = fopen(layer().rulesPath.c_str(), "re");
    if (!file)
        return;
    char operation[32];
    char part[1024];
    char action[32];
    char line[2048];
    while (fgets(line, sizeof line, file)) {
        Rule rule;
        if (sscanf(line, "%31s %1023s %ld %ld %31s %ld", operation, part, &rule.skip, &rule.count, action,
                   &rule.number) < 5)
            continue;
        rule.operation = operation;
        rule.part = part;
        rule.action = action;
        layer().rules.push_back(rule);
    }
    fclose(file);
}

bool isMet(const Rule &rule, const std::string &path)
{
    if (rule.part.back() != '$')
        return path.find(rule.part) != std::string::npos;
    const std::string_view end = std::string_view(rule.part).substr(0, rule.part.size() - 1);
    return std::string_view(path).ends_with(end);
}

/// The rule this call meets, if any. Under the lock.
Rule ruleFor(const char *operation, const std::string &path)
{
    readRules();
    for (Rule &rule : layer().rules) {
        if ((rule.operation != operation && rule.operation != "any") || !isMet(rule, path))
            continue;
        if (rule.skip > 0) {
            --rule.skip;
            continue;
        }
        if (rule.count == 0)
            continue;
        if (rule.count > 0)
            --rule.count;
        if (!layer().hitsPath.empty()) {
            const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, layer().hitsPath.c_str(),
                                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
            const std::string line = std::string(operation) + ' ' + path + ' ' + rule.action + '\n';
            writeAll(file, line.data(), line.size());
            syscall(SYS_close, file);
        }
        return rule;
    }
    return {};
}

void die()
{
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;)
        pause();
}

/// What comes before the call itself; true: it fails with errno.
bool before(const Rule &rule)
{
    if (rule.action == "kill-before")
        die();
    if (rule.action == "errno") {
        errno = static_cast<int>(rule.number);
        return true;
    }
    return false;
}

void after(const Rule &rule)
{
    if (rule.action == "kill-after" || rule.action == "kill-half")
        die();
}

/// Waits outside of the lock, so that one slow file stops whoever writes it and nobody else.
void pauseFor(const Rule &rule)
{
    if (rule.action == "delay")
        usleep(static_cast<useconds_t>(rule.number) * 1000);
}

Rule take(const char *operation, const std::string &path)
{
    Rule rule;
    {
        const Lock lock;
        rule = ruleFor(operation, path);
    }
    pauseFor(rule);
    return rule;
}

size_t sizeFor(const Rule &rule, size_t size)
{
    return (rule.action == "short" || rule.action == "kill-half") && size > 1 ? size / 2 : size;
}

ssize_t writing(int file, const void *data, size_t size, long long offset)
{
    const auto call = [&](size_t length) -> ssize_t {
        return offset < 0 ? syscall(SYS_write, file, data, length) : syscall(SYS_pwrite64, file, data, length, offset);
    };
    const std::string path = layer().isActive ? pathOf(file) : std::string();
    if (!isOurs(path))
        return call(size);
    const Rule rule = take("write", path);
    if (before(rule))
        return -1;
    const Lock lock;
    const long long at = offset < 0 ? lseek(file, 0, SEEK_CUR) : offset;
    const ssize_t written = call(sizeFor(rule, size));
    const int error = errno;
    if (written > 0)
        record("write", path, identity(file), at, data, static_cast<size_t>(written));
    after(rule);
    errno = error;
    return written;
}

template <class Call>
int changing(const char *operation, const std::string &path, const std::string &other, Call call, int file = -1,
             long long number = 0)
{
    if (!isOurs(path))
        return call();
    const Rule rule = take(operation, path);
    if (before(rule))
        return -1;
    const Lock lock;
    const int result = call();
    const int error = errno;
    if (result >= 0)
        record(operation, path, file >= 0 ? identity(file) : identity(path), number, nullptr, 0, other);
    after(rule);
    errno = error;
    return result;
}

int opening(int directory, const char *name, int flags, mode_t mode)
{
    const auto call = [&] { return static_cast<int>(syscall(SYS_openat, directory, name, flags, mode)); };
    if (!layer().isActive)
        return call();
    const std::string path = pathOf(directory, name);
    const bool mayChange = (flags & (O_WRONLY | O_RDWR)) != 0;
    if (!isOurs(path) || !mayChange)
        return call();
    const Rule rule = take("open", path);
    if (before(rule))
        return -1;
    const Lock lock;
    struct stat status = {};
    const bool isThere = stat(path.c_str(), &status) == 0;
    const int file = call();
    const int error = errno;
    if (file >= 0) {
        if ((flags & O_TMPFILE) == O_TMPFILE)
            record("unnamed", path, identity(file));
        else if (!isThere && (flags & O_CREAT))
            record("create", path, identity(file));
        else if (flags & O_TRUNC)
            record("truncate", path, identity(file), 0);
    }
    after(rule);
    errno = error;
    return file;
}

mode_t modeOf(int flags, va_list arguments)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? static_cast<mode_t>(va_arg(arguments, unsigned int))
                                                                 : 0;
}

} // namespace

extern "C" {

#define DANUBE_OPEN(name)                                                                                              \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeOf(flags, arguments);                                                                  \
        va_end(arguments);                                                                                             \
        return opening(AT_FDCWD, path, flags, mode);                                                                   \
    }
#define DANUBE_OPENAT(name)                                                                                            \
    int name(int directory, const char *path, int flags, ...)                                                          \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeOf(flags, arguments);                                                                  \
        va_end(arguments);                                                                                             \
        return opening(directory, path, flags, mode);                                                                  \
    }
DANUBE_OPEN(open)
DANUBE_OPEN(open64)
DANUBE_OPENAT(openat)
DANUBE_OPENAT(openat64)

ssize_t write(int file, const void *data, size_t size)
{
    return writing(file, data, size, -1);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    return writing(file, data, size, offset);
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset)
{
    return writing(file, data, size, offset);
}

int fsync(int file)
{
    return changing(
        "sync", layer().isActive ? pathOf(file) : std::string(), {},
        [&] { return static_cast<int>(syscall(SYS_fsync, file)); }, file);
}
int fdatasync(int file)
{
    return changing(
        "sync", layer().isActive ? pathOf(file) : std::string(), {},
        [&] { return static_cast<int>(syscall(SYS_fdatasync, file)); }, file);
}
int ftruncate(int file, off_t size)
{
    return changing(
        "truncate", layer().isActive ? pathOf(file) : std::string(), {},
        [&] { return static_cast<int>(syscall(SYS_ftruncate, file, size)); }, file, size);
}
int ftruncate64(int file, off64_t size)
{
    return ftruncate(file, size);
}

int renameat2(int fromDirectory, const char *from, int toDirectory, const char *to, unsigned int flags)
{
    const auto call = [&] {
        return static_cast<int>(syscall(SYS_renameat2, fromDirectory, from, toDirectory, to, flags));
    };
    if (!layer().isActive)
        return call();
    return changing("rename", pathOf(fromDirectory, from), pathOf(toDirectory, to), call);
}
int renameat(int fromDirectory, const char *from, int toDirectory, const char *to)
{
    return renameat2(fromDirectory, from, toDirectory, to, 0);
}
int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int fromDirectory, const char *from, int toDirectory, const char *to, int flags)
{
    const auto call = [&] {
        return static_cast<int>(syscall(SYS_linkat, fromDirectory, from, toDirectory, to, flags));
    };
    if (!layer().isActive)
        return call();
    const std::string path = pathOf(toDirectory, to);
    return changing("link", path, {}, call);
}
int unlinkat(int directory, const char *name, int flags)
{
    const auto call = [&] { return static_cast<int>(syscall(SYS_unlinkat, directory, name, flags)); };
    if (!layer().isActive)
        return call();
    return changing("unlink", pathOf(directory, name), {}, call);
}
int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}
int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
int mkdir(const char *path, mode_t mode)
{
    const auto call = [&] { return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode)); };
    if (!layer().isActive)
        return call();
    return changing("mkdir", pathOf(AT_FDCWD, path), {}, call);
}

} // extern "C"
