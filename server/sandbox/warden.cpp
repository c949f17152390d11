// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/warden.h"

#include "server/agent/launch.h"
#include "server/sandbox/guardstart.h"
#include "server/sandbox/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace danube::sandbox {
namespace {

using agent::refused;

constexpr char mapQuestion = '\x05';    // no sentence begins with it
constexpr int guardPatienceMs = 10'000; // to write its last records

struct Pair
{
    Descriptor ours;
    Descriptor theirs;
};

SystemResult<Pair> makePair(int type)
{
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
        return refused("make a pair of sockets");
    return Pair{Descriptor(ends[0]), Descriptor(ends[1])};
}

// The child asks with one byte and goes on at the answer.
SystemResult<void> askForMap(int channel)
{
    char answer = 0;
    if (::write(channel, &mapQuestion, 1) != 1 || ::read(channel, &answer, 1) != 1)
        return refused("map users of a namespace", EPERM);
    return {};
}

SystemResult<void> answerMap(int channel, pid_t child, const Identity &identity)
{
    char question = 0;
    if (::recv(channel, &question, 1, MSG_PEEK) != 1 || question != mapQuestion)
        return {}; // it says itself what is wrong
    ::recv(channel, &question, 1, 0);
    auto written = writeMaps(child, identity);
    if (written && ::write(channel, "+", 1) != 1)
        return refused("map users of a namespace");
    return written;
}

void writeAll(int channel, const std::string &text)
{
    [[maybe_unused]] const ssize_t written = ::send(channel, text.data(), text.size(), MSG_NOSIGNAL);
}

/// What the child said before it closed its end.
std::string readRest(int channel)
{
    std::string said;
    std::array<char, 1'024> piece{};
    for (ssize_t size = 0; (size = ::read(channel, piece.data(), piece.size())) > 0;)
        said.append(piece.data(), static_cast<std::size_t>(size));
    return said;
}

std::string describeEnd(int status)
{
    if (WIFSIGNALED(status))
        return "was killed by signal " + std::to_string(WTERMSIG(status));
    return "ended with code " + std::to_string(WEXITSTATUS(status));
}

class Warden
{
public:
    explicit Warden(const Options &options) : m_options(options), m_folder(options.directory + "/sandbox") {}
    int run();

private:
    enum class Claim { Ours, Theirs };
    SystemResult<Claim> claim();
    SystemResult<void> giveFolders();
    SystemResult<void> start();
    [[noreturn]] void becomeKeeper(Descriptor control, Descriptor lifeline, Descriptor flows, Descriptor channel);
    int watch();
    void endGuard();
    void tellEnd(const std::string &sentence);

    const Options &m_options;
    std::string m_folder;
    Identity m_identity = chooseIdentity();
    Descriptor m_lock;
    Descriptor m_lifeline; ///< its last holder is this process
    Descriptor m_channel;  ///< to the keeper
    pid_t m_guard = 0;
    pid_t m_keeper = 0;
};

SystemResult<Warden::Claim> Warden::claim()
{
    m_lock = Descriptor(::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!m_lock.isOpen())
        return refused("open " + m_folder);
    if (::flock(m_lock.get(), LOCK_EX | LOCK_NB) != 0)
        return Claim::Theirs;
    const Descriptor marker(::openat(m_lock.get(), "started", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!marker.isOpen())
        return errno == EEXIST ? SystemResult<Claim>(Claim::Theirs) : refused("mark " + m_folder);
    return Claim::Ours;
}

SystemResult<void> Warden::giveFolders()
{
    if (m_identity.isOwn)
        return {};
    for (const char *name : {"workspace", "home", "tmp", "private", "coordinator", "worker"}) {
        const std::string path = m_options.directory + '/' + name;
        if (::lchown(path.c_str(), m_identity.outside, m_identity.outside) != 0)
            return refused("give " + path + " to the job's user");
    }
    return {};
}

void Warden::becomeKeeper(Descriptor control, Descriptor lifeline, Descriptor flows, Descriptor channel)
{
    m_lock.close();
    m_lifeline.close(); // the guard must see the warden's end
    m_channel.close();
    ::prctl(PR_SET_NAME, "danube-keeper");
    const auto kept = keepJob({.options = m_options,
                               .identity = m_identity,
                               .control = std::move(control),
                               .lifeline = std::move(lifeline),
                               .flows = std::move(flows),
                               .waitForMap = [&channel] { return askForMap(channel.get()); }});
    if (!kept)
        writeAll(channel.get(), kept.error().text());
    ::_exit(kept ? 0 : 1);
}

SystemResult<void> Warden::start()
{
    if (auto given = giveFolders(); !given)
        return given;
    auto control = makePair(SOCK_SEQPACKET);
    auto channel = makePair(SOCK_STREAM);
    int ends[2];
    if (!control || !channel || ::pipe2(ends, O_CLOEXEC) != 0)
        return refused("make pipes");
    Descriptor lifeline(ends[0]);
    m_lifeline = Descriptor(ends[1]);
    Descriptor flows(::open(m_options.flows.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const Descriptor log(::openat(m_lock.get(), "guard.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!flows.isOpen() || !log.isOpen())
        return refused("open " + m_options.flows);
    const auto guard = startGuard(m_options, m_identity, control->theirs.get(), log.get());
    if (!guard)
        return std::unexpected(guard.error());
    m_guard = *guard;
    control->theirs.close();
    m_keeper = ::fork();
    if (m_keeper < 0)
        return refused("make a process");
    if (m_keeper == 0) {
        m_channel = std::move(channel->ours);
        becomeKeeper(std::move(control->ours), std::move(lifeline), std::move(flows), std::move(channel->theirs));
    }
    channel->theirs.close();
    m_channel = std::move(channel->ours);
    return answerMap(m_channel.get(), m_keeper, m_identity);
}

void Warden::tellEnd(const std::string &sentence)
{
    std::fprintf(stderr, "danube-sandbox: %s\n", sentence.c_str());
    const Descriptor file(::openat(m_lock.get(), "end.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.isOpen() && ::write(file.get(), sentence.data(), sentence.size()) > 0)
        ::renameat(m_lock.get(), "end.new", m_lock.get(), "end");
}

void Warden::endGuard()
{
    m_lifeline.close();
    for (int waited = 0; m_guard > 0 && waited < guardPatienceMs; waited += 10) {
        if (::waitpid(m_guard, nullptr, WNOHANG) != 0)
            m_guard = 0;
        else
            ::poll(nullptr, 0, 10);
    }
    if (m_guard > 0) {
        ::kill(m_guard, SIGKILL);
        ::waitpid(m_guard, nullptr, 0);
    }
}

int Warden::watch()
{
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(-1, &status, 0)) != m_keeper) {
        if (ended < 0 && errno != EINTR)
            return 1;
        if (ended != m_guard)
            continue;
        // First the words, then the deed: whoever sees the agents gone finds out why.
        m_guard = 0;
        tellEnd("the egress guard " + describeEnd(status) + ", so the job's network was closed and the job ended");
        ::kill(m_keeper, SIGKILL);
    }
    const std::string said = readRest(m_channel.get());
    if (!said.empty() && m_guard != 0)
        tellEnd("the job's sandbox could not be made: " + said);
    endGuard();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int Warden::run()
{
    ::prctl(PR_SET_NAME, "danube-warden");
    const auto claimed = claim();
    if (!claimed) {
        std::fprintf(stderr, "danube-sandbox: %s\n", claimed.error().text().c_str());
        return 1;
    }
    if (*claimed == Claim::Theirs)
        return 0;
    if (const auto started = start(); !started) {
        tellEnd("the job's sandbox could not be made: " + started.error().text());
        if (m_keeper > 0)
            ::kill(m_keeper, SIGKILL);
        endGuard();
        return 1;
    }
    return watch();
}

} // namespace

int runWarden(const Options &options)
{
    return Warden(options).run();
}

int probe(const Options &options)
{
    const Identity identity = chooseIdentity();
    auto channel = makePair(SOCK_STREAM);
    const pid_t child = channel ? ::fork() : -1;
    if (child == 0) {
        channel->ours.close();
        const auto tried = tryNamespaces(options, identity, [&] { return askForMap(channel->theirs.get()); });
        if (!tried)
            writeAll(channel->theirs.get(), tried.error().text());
        ::_exit(tried ? 0 : 1);
    }
    if (child < 0) {
        std::puts("cannot make a process");
        return 1;
    }
    channel->theirs.close();
    const auto mapped = answerMap(channel->ours.get(), child, identity);
    if (!mapped)
        ::kill(child, SIGKILL);
    std::string said = readRest(channel->ours.get());
    int status = 0;
    ::waitpid(child, &status, 0);
    if (said.empty() && !mapped)
        said = mapped.error().text();
    const bool isDone = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    std::puts(isDone ? "ok" : said.c_str());
    return isDone ? 0 : 1;
}

} // namespace danube::sandbox
