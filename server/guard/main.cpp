// SPDX-License-Identifier: GPL-3.0-or-later
// danube-guard serve --control-fd N: one job's way out, by name. docs/formats/guard.md says how it is spoken to.
#include "server/guard/guard.h"
#include "server/guard/passing.h"

#include <QJsonDocument>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

using namespace danube;
using namespace danube::guard;
using namespace Qt::StringLiterals;

namespace {

constexpr int usageError = 2;

/// Gives up what a proxy never needs, and takes the descriptors that it does.
void confine(int control)
{
    constexpr rlim_t wanted = 16'384;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = std::min(files.rlim_max, wanted);
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (control > 3)
        close_range(3, static_cast<unsigned>(control) - 1, 0);
    close_range(static_cast<unsigned>(control) + 1, UINT32_MAX, 0);
    setenv("LOCALDOMAIN", ".", 1); // names are absolute: the host's search domains are not the job's
    std::signal(SIGPIPE, SIG_IGN);
}

/// SIGTERM as a descriptor, for all threads.
FileDescriptor catchTermination()
{
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGTERM);
    sigprocmask(SIG_BLOCK, &caught, nullptr);
    return FileDescriptor(signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK));
}

int refuse(int control, const QString &sentence)
{
    std::fprintf(stderr, "danube-guard: %s\n", qPrintable(sentence));
    const QByteArray answer = QJsonDocument(QJsonObject{{u"error"_s, sentence}}).toJson(QJsonDocument::Compact);
    sendDatagram(control, {answer.constData(), static_cast<size_t>(answer.size())});
    return usageError;
}

/// A master that was killed before it wrote leaves nothing to serve.
std::expected<Datagram, int> awaitConfig(int control)
{
    constexpr int patience = 30'000;
    pollfd wait{control, POLLIN, 0};
    if (poll(&wait, 1, patience) <= 0)
        return std::unexpected(ETIMEDOUT);
    return receiveDatagram(control, maxConfigBytes);
}

class Terminator final : public EventSink
{
public:
    Terminator(EventLoop &loop, Guard &guard, int descriptor) : m_loop(loop), m_guard(guard)
    {
        m_watch = m_loop.watch(descriptor, EPOLLIN, *this);
    }
    ~Terminator() { m_loop.unwatch(m_watch); }

private:
    void onEvents(int, uint32_t) override { m_guard.stop(); }
    EventLoop &m_loop;
    Guard &m_guard;
    EventLoop::WatchId m_watch;
};

int serve(int control)
{
    confine(control);
    const FileDescriptor termination = catchTermination();
    auto message = awaitConfig(control);
    if (!message)
        return refuse(control, u"no configuration: %1"_s.arg(QString::fromUtf8(strerrordesc_np(message.error()))));
    auto config = parseGuardConfig(message->bytes);
    if (!config)
        return refuse(control, config.error().message);
    const SystemClock clock;
    EventLoop loop;
    Guard guard(loop, *std::move(config), FileDescriptor(control), std::move(message->descriptors), clock);
    if (const auto started = guard.start(); !started)
        return refuse(control, started.error().message);
    Terminator terminator(loop, guard, termination.get());
    sendDatagram(control, "ready\n");
    loop.run();
    return EXIT_SUCCESS;
}

std::optional<int> controlDescriptor(int argc, char **argv)
{
    int control = -1;
    if (argc != 4 || std::string_view(argv[1]) != "serve" || std::string_view(argv[2]) != "--control-fd")
        return std::nullopt;
    const std::string_view digits = argv[3];
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), control);
    const bool isOpen = error == std::errc() && end == digits.end() && control >= 3 && fcntl(control, F_GETFD) >= 0;
    return isOpen ? std::optional(control) : std::nullopt;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        std::puts("danube-guard " DANUBE_VERSION);
        return EXIT_SUCCESS;
    }
    const auto control = controlDescriptor(argc, argv);
    if (!control) {
        std::fputs("usage: danube-guard serve --control-fd N   (N: an open SOCK_SEQPACKET socket)\n", stderr);
        return usageError;
    }
    return serve(*control);
}
