// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/pump.h"

#include "server/agent/agentdirectory.h"
#include "server/agent/bytes.h"
#include "server/agent/clock.h"
#include "server/agent/linkformat.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>

namespace danube::agent {
namespace {

constexpr SteadyMs connectLimitMs = 5'000;

int complain(const SystemError &error)
{
    fprintf(stderr, "danube-agent: %s\n", error.text().c_str());
    return 1;
}

// One direction: what was read from `from` and waits for `to`.
struct Flow
{
    int from;
    int to;
    std::array<std::uint8_t, 64U << 10> buffer{};
    std::size_t head = 0;
    std::size_t size = 0;
    bool isOpen = true;

    bool isEmpty() const { return head == size; }
    bool transfer()
    {
        if (isEmpty() && !fill())
            return false;
        while (!isEmpty()) {
            const ssize_t count = write(to, buffer.data() + head, size - head);
            if (count < 0)
                return errno == EAGAIN || errno == EINTR;
            head += static_cast<std::size_t>(count);
        }
        return true;
    }
    bool fill()
    {
        const ssize_t count = read(from, buffer.data(), buffer.size());
        head = 0;
        size = count > 0 ? static_cast<std::size_t>(count) : 0;
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }
};

SystemResult<Descriptor> connectPatiently(const std::string &directory)
{
    const SteadyMs until = steadyMs() + connectLimitMs;
    for (;;) {
        auto socket = connectToAgent(directory);
        // The agent may just be starting, or putting its socket back.
        if (socket || steadyMs() >= until)
            return socket;
        poll(nullptr, 0, 50);
    }
}

} // namespace

int pumpLink(const std::string &directory)
{
    prctl(PR_SET_DUMPABLE, 0);
    signal(SIGPIPE, SIG_IGN);
    auto socket = connectPatiently(directory);
    if (!socket)
        return complain(socket.error());
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, socket->get()})
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    static Flow in{STDIN_FILENO, socket->get()};
    static Flow out{socket->get(), STDOUT_FILENO};
    SteadyMs heardAt = steadyMs();
    for (;;) {
        pollfd waits[] = {{in.isEmpty() ? in.from : in.to, static_cast<short>(in.isEmpty() ? POLLIN : POLLOUT), 0},
                          {out.isEmpty() ? out.from : out.to, static_cast<short>(out.isEmpty() ? POLLIN : POLLOUT), 0}};
        poll(waits, 2, 1'000);
        const SteadyMs now = steadyMs();
        if (waits[0].revents != 0 && in.isEmpty())
            heardAt = now;
        if (now - heardAt >= silenceLimitSeconds * 1000)
            return 0;
        if (waits[0].revents != 0 && !in.transfer())
            return 0;
        if (waits[1].revents != 0 && !out.transfer())
            return 0;
    }
}

int installTo(const std::string &destination)
{
    struct stat place{};
    const bool isDirectory = stat(destination.c_str(), &place) == 0 && S_ISDIR(place.st_mode);
    const std::string target = isDirectory ? destination + "/danube-agent" : destination;
    const std::string fresh = target + ".new";
    const Descriptor from(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    if (!from.isOpen())
        return complain({"open this program", errno});
    unlink(fresh.c_str());
    const Descriptor to(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555));
    if (!to.isOpen())
        return complain({"create " + fresh, errno});
    std::array<char, 64U << 10> buffer;
    ssize_t count = 0;
    while ((count = read(from.get(), buffer.data(), buffer.size())) > 0) {
        const ssize_t written = write(to.get(), buffer.data(), static_cast<std::size_t>(count));
        if (written != count)
            return complain({"write " + fresh, written < 0 ? errno : ENOSPC});
    }
    if (count < 0 || fchmod(to.get(), 0555) != 0 || rename(fresh.c_str(), target.c_str()) != 0)
        return complain({"install " + target, errno});
    return 0;
}

} // namespace danube::agent
