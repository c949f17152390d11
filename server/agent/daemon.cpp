// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/daemon.h"

#include "server/agent/processtree.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace danube::agent {
namespace {

constexpr SteadyMs guardIntervalMs = 1'000;
constexpr std::int64_t signalGraceMs = 5'000;
constexpr SteadyMs exitLimitMs = 20'000; // beyond the grace, until the agent ends whatever is left
constexpr SteadyMs lastWordsMs = 1'000;  // for exit records on the link after a shutdown
constexpr SteadyMs lostLimitMs = 5'000;  // without a link and without a place to be found at

template <std::size_t N> std::array<std::uint8_t, N> randomBytes()
{
    std::array<std::uint8_t, N> bytes{};
    if (getentropy(bytes.data(), bytes.size()) != 0)
        abort(); // no nonce is better than a guessable one
    return bytes;
}

} // namespace

struct Daemon::Listener final : EventSource
{
    Listener(Daemon &daemon, Descriptor fd) : owner(daemon), socket(std::move(fd)) {}
    ~Listener() override { owner.m_loop.remove(socket.get(), *this); }
    void onReady(std::uint32_t) override { owner.acceptFrom(socket.get()); }
    Daemon &owner;
    Descriptor socket;
};

struct Daemon::Signals final : EventSource
{
    Signals(Daemon &daemon, Descriptor fd) : owner(daemon), signals(std::move(fd)) {}
    ~Signals() override { owner.m_loop.remove(signals.get(), *this); }
    void onReady(std::uint32_t) override
    {
        signalfd_siginfo info;
        while (read(signals.get(), &info, sizeof info) == sizeof info)
            owner.onSignal(static_cast<int>(info.ssi_signo), static_cast<int>(info.ssi_pid));
    }
    Daemon &owner;
    Descriptor signals;
};

Daemon::Daemon(AgentDirectory directory)
    : m_directory(std::move(directory)), m_bootId(randomBytes<16>()), m_around{m_loop, m_directory, m_key, {}, {}, {}}
{
    m_around.report = [this](const Failed &failed) {
        if (m_lease)
            m_lease->link().send(failed);
    };
    m_around.reportStarted = [this](const Started &started) {
        if (m_lease)
            m_lease->link().send(started);
    };
}

Daemon::~Daemon() = default;

SystemResult<std::unique_ptr<Daemon>> Daemon::create(const std::string &path, const DaemonOptions &options)
{
    auto directory = AgentDirectory::open(path);
    if (!directory)
        return std::unexpected(directory.error());
    std::unique_ptr<Daemon> daemon(new Daemon(std::move(*directory)));
    daemon->m_around.defaults.passed = options.passed;
    daemon->m_orphanLimit = options.orphanLimit;
    if (auto opened = daemon->open(); !opened)
        return std::unexpected(opened.error());
    return daemon;
}

void Daemon::becomeParent()
{
    prctl(PR_SET_NAME, "danube-agent");
    // Steps run as the same user: without this they could read the keys out of our memory.
    prctl(PR_SET_DUMPABLE, 0);
    if (getpid() != 1)
        prctl(PR_SET_CHILD_SUBREAPER, 1);
    m_around.defaults.umask = umask(077);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        m_around.defaults.openFilesSoft = files.rlim_cur;
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65'536);
        setrlimit(RLIMIT_NOFILE, &files);
    }
    // The last two could be brought about by a step that lowers our limits (prlimit); then writes fail, and we live on.
    for (const int ignored : {SIGPIPE, SIGXFSZ, SIGXCPU})
        signal(ignored, SIG_IGN);
}

SystemResult<void> Daemon::open()
{
    becomeParent();
    sigset_t watched;
    sigemptyset(&watched);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP})
        sigaddset(&watched, signal);
    sigprocmask(SIG_BLOCK, &watched, nullptr);
    m_signals = std::make_unique<Signals>(*this, Descriptor(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK)));
    if (auto added = m_loop.add(m_signals->signals.get(), EPOLLIN, *m_signals); !added)
        return added;
    return listen();
}

SystemResult<void> Daemon::listen()
{
    m_listener.reset();
    auto socket = m_directory.listen();
    if (!socket)
        return std::unexpected(socket.error());
    m_listener = std::make_unique<Listener>(*this, std::move(*socket));
    return m_loop.add(m_listener->socket.get(), EPOLLIN, *m_listener);
}

void Daemon::setDeaf(bool isDeaf)
{
    m_isDeaf = isDeaf;
    if (m_listener)
        m_loop.modify(m_listener->socket.get(), isDeaf ? 0U : std::uint32_t{EPOLLIN}, *m_listener);
}

int Daemon::run()
{
    do {
        m_loop.wait(deadline());
        onTurn();
    } while (!isDone(steadyMs()));
    return 0;
}

SteadyMs Daemon::deadline() const
{
    if (m_hasMoreToSend || m_hasChildrenEnded)
        return 0;
    SteadyMs at = std::min({m_guardAt, m_sweepAt, m_exitBy});
    for (const auto &[number, run] : m_steps)
        at = std::min(at, run->deadline());
    for (const auto &connection : m_connections)
        at = std::min(at, connection->deadline());
    return at;
}

void Daemon::onTurn()
{
    if (std::exchange(m_hasChildrenEnded, false))
        reap();
    const SteadyMs now = steadyMs();
    serveConnections(now);
    for (const auto &[number, run] : m_steps)
        run->onTime(now);
    sweep(now);
    guardPlace(now);
    mindOrphanhood(now);
    sendToLease();
}

void Daemon::guardPlace(SteadyMs now)
{
    if (now < m_guardAt)
        return;
    m_guardAt = now + guardIntervalMs;
    if (m_isDeaf)
        setDeaf(false);
    if (m_directory.isIntact()) {
        m_lostSince = never;
        return;
    }
    // A step removed or replaced our socket or directory. Links that are up do not mind; new ones need it back.
    auto repaired = m_directory.repair();
    if (repaired)
        repaired = listen();
    if (repaired) {
        m_lostSince = never;
        return;
    }
    if (m_lostSince == never)
        fprintf(stderr, "danube-agent: repair: %s\n", repaired.error().text().c_str());
    m_lostSince = std::min(m_lostSince, now);
}

// A job is adopted by the next master, however late it comes, but not for ever. Where even its folder is gone, no
// master can find it. (docs/adr/0072)
void Daemon::mindOrphanhood(SteadyMs now)
{
    if (m_lease || m_isShuttingDown) {
        m_aloneSince = never;
        return;
    }
    m_aloneSince = std::min(m_aloneSince, now);
    const SteadyMs alone = now - m_aloneSince;
    const bool isLost = m_lostSince != never && std::min(alone, now - m_lostSince) >= lostLimitMs;
    if (!isLost && alone < m_orphanLimit)
        return;
    fprintf(stderr, "danube-agent: %s: ending with all steps\n",
            isLost ? "the job's folder is gone and no master is connected" : "no master came in time");
    shutDown(0);
}

void Daemon::onSignal(int signal, int sender)
{
    if (signal == SIGCHLD) {
        m_hasChildrenEnded = true;
        return;
    }
    // A step may send us what it likes; only others end the agent. Sender 0 is the kernel or another PID namespace, and
    // process 1 listens to nobody else.
    const bool isInside = getpid() == 1 ? sender != 0 : sender > 0 && isAtOrBelow(sender, getpid());
    if (signal == SIGHUP || isInside)
        return;
    shutDown(signalGraceMs);
}

void Daemon::shutDown(std::int64_t graceMs)
{
    m_isShuttingDown = true;
    m_exitBy = std::min(m_exitBy, steadyMs() + graceMs + exitLimitMs);
    for (const auto &[number, run] : m_steps)
        run->kill(KillCause::Cancelled, graceMs);
}

bool Daemon::isDone(SteadyMs now)
{
    if (!m_isShuttingDown)
        return false;
    // A step whose output nobody takes is never finished; its processes are gone all the same.
    const bool isQuiet = std::ranges::all_of(m_steps, [](const auto &entry) { return entry.second->isTreeGone(); });
    if (!isQuiet && now < m_exitBy)
        return false;
    const bool isFinished =
        std::ranges::all_of(m_steps, [](const auto &entry) { return entry.second->supervisor() == 0; });
    const bool isFlushed = !m_lease || (m_lease->link().output().empty() && !m_hasMoreToSend);
    m_exitBy = std::min(m_exitBy, now + lastWordsMs);
    return (isFinished && isFlushed) || now >= m_exitBy;
}

} // namespace danube::agent
