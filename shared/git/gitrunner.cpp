// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/git/gitrunner.h"

#include <QProcess>

#include <csignal>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::git {

constexpr qsizetype errorTail = 16 << 10; ///< of stderr; the reason stands at its end

namespace {

/// In the child, before git: async-signal-safe. A git that outlived us would hold locks that our successor takes for
/// forgotten ones.
void dieWith(pid_t parent)
{
    constexpr int notStarted = 127;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // gone before the signal was asked for
        ::_exit(notStarted);
}

/// Likewise. 0 = as it is.
void limitTo(__rlimit_resource resource, rlim_t bytes)
{
    if (bytes == 0)
        return;
    const rlimit limit{bytes, bytes};
    ::setrlimit(resource, &limit);
}

} // namespace

/// One git process: its output, its deadline.
class Runner::Run
{
public:
    Run(Waiting waiting, Runner *owner);
    ~Run();
    void start();
    Waiting &waiting() { return m_waiting; }

private:
    void readOutput();
    void ended(int exitCode, QProcess::ExitStatus status);
    void kill();
    void abort(ErrorCode code, const QString &reason);

    Waiting m_waiting;
    Runner *m_owner;
    QProcess m_process;
    QTimer m_deadline;
    QByteArray m_output;
    QByteArray m_errors;
};

Runner::Run::Run(Waiting waiting, Runner *owner) : m_waiting(std::move(waiting)), m_owner(owner)
{
    // A session of its own, so that transport helpers and ssh die with it.
    QProcess::UnixProcessParameters parameters;
    parameters.flags = QProcess::UnixProcessFlag::CreateNewSession | QProcess::UnixProcessFlag::CloseFileDescriptors |
                       QProcess::UnixProcessFlag::ResetSignalHandlers;
    m_process.setUnixProcessParameters(parameters);
    const auto largestFile = static_cast<rlim_t>(m_waiting.command.largestFile);
    const auto largestMemory = static_cast<rlim_t>(m_waiting.command.largestMemory);
    m_process.setChildProcessModifier([largestFile, largestMemory, parent = ::getpid()] {
        dieWith(parent);
        limitTo(RLIMIT_FSIZE, largestFile);
        limitTo(RLIMIT_AS, largestMemory);
    });
    m_process.setProgram(u"git"_s);
    m_process.setArguments(hardening(m_waiting.command.arguments));
    m_process.setEnvironment(environment(m_waiting.command));
    m_process.setWorkingDirectory(m_waiting.command.directory);
    QObject::connect(&m_process, &QProcess::readyRead, owner, [this] { readOutput(); });
    QObject::connect(&m_process, &QProcess::readyReadStandardError, owner, [this] { readOutput(); });
    QObject::connect(&m_process, &QProcess::finished, owner,
                     [this](int code, QProcess::ExitStatus status) { ended(code, status); });
    QObject::connect(&m_process, &QProcess::errorOccurred, owner, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            abort(ErrorCode::Io, u"git does not start: "_s + m_process.errorString());
    });
    m_deadline.setSingleShot(true);
    QObject::connect(&m_deadline, &QTimer::timeout, owner, [this] {
        abort(ErrorCode::Timeout, u"no result within %1 s"_s.arg(m_waiting.command.timeout.count() / 1000.0));
    });
}

Runner::Run::~Run()
{
    m_process.disconnect();
    kill();
    // Reaps the killed child; returns as soon as the kernel has it.
    if (m_process.state() != QProcess::NotRunning)
        m_process.waitForFinished(1000);
}

void Runner::Run::start()
{
    m_deadline.start(m_waiting.command.timeout);
    m_process.start();
    m_process.write(m_waiting.command.input);
    m_process.closeWriteChannel();
}

void Runner::Run::readOutput()
{
    m_output += m_process.readAllStandardOutput();
    m_errors = (m_errors + m_process.readAllStandardError()).right(errorTail);
    if (m_output.size() > outputLimit)
        abort(ErrorCode::Protocol, u"git printed more than %1 MiB"_s.arg(outputLimit >> 20));
}

void Runner::Run::ended(int exitCode, QProcess::ExitStatus status)
{
    readOutput();
    if (status != QProcess::NormalExit)
        return abort(ErrorCode::Unavailable, u"git was killed by signal %1"_s.arg(exitCode));
    m_owner->finish(this, Finished{exitCode, m_output, complaintOf(m_errors), saysDamaged(m_errors)});
}

void Runner::Run::kill()
{
    if (m_process.processId() > 0)
        ::kill(-static_cast<pid_t>(m_process.processId()), SIGKILL);
}

void Runner::Run::abort(ErrorCode code, const QString &reason)
{
    m_process.disconnect();
    m_owner->finish(this, fail(code, m_waiting.command.what + u": "_s + reason));
}

Runner::Runner(Places places, int maxQueued) : m_places(places), m_maxQueued(maxQueued) {}

Runner::~Runner() = default;

void Runner::run(Command command, QObject *context, Done done)
{
    // The callback always comes after run() returned.
    const auto waiting = std::ranges::count_if(m_queue, [&command](const Waiting &other) {
        return other.command.lane == command.lane && other.command.host == command.host;
    });
    if (waiting >= m_maxQueued) {
        auto full = fail(ErrorCode::ResourceExhausted,
                         u"%1: %2 git commands are waiting already"_s.arg(command.what).arg(m_maxQueued));
        QMetaObject::invokeMethod(
            context, [done = std::move(done), full]() mutable { done(full); }, Qt::QueuedConnection);
        return;
    }
    m_queue.push_back({std::move(command), context, std::move(done)});
    QMetaObject::invokeMethod(this, [this] { startNext(); }, Qt::QueuedConnection);
}

bool Runner::hasPlace(const Command &command) const
{
    int ofLane = 0;
    int ofHost = 0;
    for (const auto &run : m_running) {
        const Command &other = run->waiting().command;
        ofLane += other.lane == command.lane ? 1 : 0;
        ofHost += other.lane == command.lane && other.host == command.host ? 1 : 0;
    }
    switch (command.lane) {
    case Lane::Local:
        return ofLane < m_places.local;
    case Lane::Remote:
        return ofLane < m_places.remote && ofHost < m_places.ofHost;
    case Lane::Upkeep:
        return ofLane < m_places.upkeep;
    }
    Q_UNREACHABLE_RETURN(false);
}

void Runner::startNext()
{
    for (auto next = m_queue.begin(); next != m_queue.end();) {
        if (next->context && !hasPlace(next->command)) {
            ++next;
            continue;
        }
        auto waiting = std::move(*next);
        next = m_queue.erase(next);
        if (!waiting.context)
            continue;
        m_running.push_back(std::make_unique<Run>(std::move(waiting), this));
        m_running.back()->start();
    }
}

void Runner::finish(Run *run, Result<Finished> result)
{
    const auto found = std::ranges::find(m_running, run, &std::unique_ptr<Run>::get);
    if (found == m_running.end())
        return;
    // We are inside one of its process's signals: the run dies later.
    auto owned = std::shared_ptr<Run>(std::move(*found));
    m_running.erase(found);
    QMetaObject::invokeMethod(
        this,
        [this, owned, result = std::move(result)]() mutable {
            auto waiting = std::move(owned->waiting());
            owned.reset();
            startNext();
            if (waiting.context)
                waiting.done(std::move(result));
        },
        Qt::QueuedConnection);
}

} // namespace danube::git
