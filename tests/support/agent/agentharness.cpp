// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QElapsedTimer>
#include <QFile>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

int connectTo(const QString &directory)
{
    const QByteArray path = QFile::encodeName(directory);
    const int place = ::open(path.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/agent.sock", place);
    const bool isConnected = ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    ::close(place);
    if (isConnected) {
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
        return fd;
    }
    ::close(fd);
    return -1;
}

} // namespace

AgentProcess::AgentProcess(const QString &program, const QStringList &wrapper, const QStringList &options)
    : m_command(wrapper)
{
    m_command += {program, u"daemon"_s, u"--dir"_s, directory()};
    m_command += options;
}

AgentProcess::~AgentProcess()
{
    kill();
    ::fputs(told().constData(), stderr);
}

bool AgentProcess::start()
{
    QList<QByteArray> arguments;
    for (const QString &word : m_command)
        arguments.append(QFile::encodeName(word));
    std::vector<char *> pointers;
    for (QByteArray &argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    if (!m_told.open())
        return false;
    m_pid = ::fork();
    if (m_pid == 0) {
        ::dup2(m_told.handle(), STDERR_FILENO);
        ::execvp(pointers[0], pointers.data());
        ::_exit(127);
    }
    return m_pid > 0 && waitUntil([this] { return QFile::exists(directory() + u"/agent.sock"_s); }, milliseconds(3000));
}

QByteArray AgentProcess::told() const
{
    QFile file(m_told.fileName());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void AgentProcess::kill()
{
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
    m_pid = 0;
}

int AgentProcess::waitForExit(milliseconds limit)
{
    int status = -1;
    const bool isGone = waitUntil([&] { return ::waitpid(m_pid, &status, WNOHANG) == m_pid; }, limit);
    if (!isGone)
        return -1;
    m_pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

link::StreamPoint StepView::point(quint64 window) const
{
    const link::StreamOffsets offsets{static_cast<quint64>(output[0].size()), static_cast<quint64>(output[1].size())};
    return {offsets, offsets.standardOutput + offsets.standardError + window};
}

LinkSession::LinkSession(const QString &directory, const Secret &key, link::KeyHandover handover,
                         QMap<quint32, StepView> &steps)
    : m_fd(connectTo(directory)), m_client(key, handover), m_steps(steps)
{}

LinkSession::~LinkSession()
{
    close();
}

void LinkSession::close()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

void LinkSession::setAutomatic(bool automatic, quint64 window)
{
    m_isAutomatic = automatic;
    m_window = window;
}

bool LinkSession::run(const std::function<bool()> &until, milliseconds limit)
{
    QElapsedTimer timer;
    timer.start();
    char buffer[65536];
    while (!until()) {
        if (m_fd < 0 || timer.elapsed() > limit.count())
            return false;
        m_unwritten += m_client.takeOutput();
        const ssize_t written = m_unwritten.isEmpty() ? 0
                                                      : ::send(m_fd, m_unwritten.constData(),
                                                               static_cast<size_t>(m_unwritten.size()), MSG_NOSIGNAL);
        if (written > 0)
            m_unwritten.remove(0, written);
        pollfd ready{m_fd, static_cast<short>(POLLIN | (m_unwritten.isEmpty() ? 0 : POLLOUT)), 0};
        if (::poll(&ready, 1, 20) <= 0 || !(ready.revents & (POLLIN | POLLHUP)))
            continue;
        const size_t room =
            m_bytesLeft < 0 ? sizeof buffer : std::min<size_t>(sizeof buffer, static_cast<size_t>(m_bytesLeft));
        const ssize_t count = room == 0 ? 0 : ::recv(m_fd, buffer, room, 0);
        if (count <= 0) {
            close();
            continue;
        }
        if (m_bytesLeft > 0)
            m_bytesLeft -= count;
        for (const auto &event : m_client.feed(QByteArrayView(buffer, count)))
            handle(event);
    }
    // What the condition queued, an acknowledgement for example, must not stay here.
    const QByteArray rest = m_unwritten + m_client.takeOutput();
    m_unwritten.clear();
    if (m_fd >= 0 && !rest.isEmpty())
        m_unwritten = rest.mid(
            std::max<ssize_t>(::send(m_fd, rest.constData(), static_cast<size_t>(rest.size()), MSG_NOSIGNAL), 0));
    return true;
}

bool LinkSession::waitExit(quint32 step, milliseconds limit)
{
    return run([this, step] { return m_steps[step].exit.has_value(); }, limit);
}

void LinkSession::handle(const link::LinkEvent &event)
{
    if (const auto *ready = std::get_if<link::Ready>(&event))
        m_ready = *ready;
    if (const auto *started = std::get_if<link::StepStarted>(&event))
        m_steps[toInt(started->step)].started = *started;
    if (const auto *failed = std::get_if<link::StepFailed>(&event))
        m_steps[toInt(failed->step)].failures.append(*failed);
    if (const auto *exited = std::get_if<link::StepExited>(&event))
        m_steps[toInt(exited->step)].exit = exited->record;
    if (std::holds_alternative<link::Pong>(event))
        ++m_pongs;
    if (const auto *broken = std::get_if<link::LinkBroken>(&event)) {
        m_broken = broken->error;
        close();
    }
    if (const auto *output = std::get_if<link::StepOutput>(&event)) {
        QByteArray &bytes = m_steps[toInt(output->step)].output[agent::indexOf(output->stream)];
        // A gap or a repetition shows as a wrong size in the test.
        if (static_cast<quint64>(bytes.size()) == output->offset)
            bytes += output->bytes;
        if (m_isAutomatic)
            extend(output->step);
    }
}

void LinkSession::extend(StepNumber step)
{
    const auto point = m_steps[toInt(step)].point(m_window);
    m_client.acknowledge(step, point.offsets);
    m_client.credit(step, point.creditLimit);
}

link::StepSpec shell(const QString &script)
{
    link::StepSpec spec;
    spec.argv = {u"/bin/sh"_s, u"-c"_s, script};
    spec.grace = milliseconds(500);
    return spec;
}

bool waitUntil(const std::function<bool()> &condition, milliseconds limit)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > limit.count())
            return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

} // namespace danube::tests
