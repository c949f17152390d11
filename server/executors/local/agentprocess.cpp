// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/agentprocess.h"

#include "server/executors/link/stepfile.h"
#include "shared/core/filedescriptor.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

QByteArray readProc(const QString &pid, const char *name)
{
    QFile file(u"/proc/%1/%2"_s.arg(pid, QLatin1StringView(name)));
    return file.open(QIODevice::ReadOnly) ? file.read(1 << 20) : QByteArray();
}

QStringList allPids()
{
    QStringList pids = QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    pids.removeIf([](const QString &name) { return !name.front().isDigit(); });
    return pids;
}

/// Processes whose command line reads "<program> <verb> --dir <directory> …".
QList<pid_t> findByCommand(const QByteArray &verb, const QString &directory)
{
    QList<pid_t> pids;
    const QByteArray wanted = QFile::encodeName(directory);
    for (const QString &pid : allPids()) {
        const QList<QByteArray> arguments = readProc(pid, "cmdline").split('\0');
        const auto at = arguments.indexOf("--dir");
        if (at == 2 && arguments.size() > 3 && arguments[1] == verb && arguments[3] == wanted)
            pids.append(pid.toInt());
    }
    return pids;
}

} // namespace

Result<void> agentprocess::spawn(const Agent &agent)
{
    return spawn(Detached{.program = agent.program,
                          .arguments = {u"daemon"_s, u"--dir"_s, agent.directory, u"--isolate"_s, u"--orphan-limit"_s,
                                        QString::number(agent.orphanLimit.count())},
                          .directory = agent.directory,
                          .logFile = agent.directory + u"/agent.log"_s,
                          .environment = agent.environment});
}

Result<void> agentprocess::spawn(const Detached &detached)
{
    QProcess process;
    process.setProgram(detached.program);
    process.setArguments(detached.arguments);
    QProcessEnvironment variables;
    for (const QString &entry : detached.environment)
        variables.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
    process.setProcessEnvironment(variables);
    process.setWorkingDirectory(detached.directory);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(detached.logFile, QIODevice::Append);
    if (!process.startDetached())
        return fail(ErrorCode::Io, u"start %1: %2"_s.arg(detached.program, process.errorString()));
    return {};
}

// By way of the directory's descriptor: a socket address holds 107 bytes, a data directory's path may be longer.
Result<int> agentprocess::connect(const QString &directory)
{
    const int folder = ::open(QFile::encodeName(directory).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return failErrno(u"open "_s + directory, errno);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/agent.sock", folder);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const bool connected =
        descriptor >= 0 && ::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    const int error = errno;
    ::close(folder);
    if (connected)
        return descriptor;
    if (descriptor >= 0)
        ::close(descriptor);
    if (error == ECONNREFUSED || error == EAGAIN)
        return fail(ErrorCode::Unavailable, u"nobody listens in "_s + directory);
    return failErrno(u"connect to the agent in "_s + directory, error);
}

agentprocess::Life agentprocess::lifeOf(const QString &directory)
{
    const FileDescriptor folder(::open(QFile::encodeName(directory).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder)
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? Life::Unknown : Life::Dead;
    return ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0 ? Life::Dead : Life::Alive;
}

QString agentprocess::lastWords(const QString &directory)
{
    QByteArray text = link::readStepFile(directory, "agent.log", 400, link::FilePart::End);
    for (char &letter : text)
        letter = letter >= ' ' && letter <= '~' ? letter : ' ';
    return QString::fromLatin1(text.simplified());
}

QList<pid_t> agentprocess::find(const QString &directory)
{
    return findByCommand("daemon", directory);
}

QList<pid_t> agentprocess::findSandboxes(const QString &jobFolder)
{
    return findByCommand("run", jobFolder);
}

QList<pid_t> findByMarker(const QString &marker)
{
    QList<pid_t> pids;
    const QByteArray wanted = marker.toUtf8();
    for (const QString &pid : allPids()) {
        if (readProc(pid, "environ").split('\0').contains(wanted) && pid.toInt() != ::getpid())
            pids.append(pid.toInt());
    }
    return pids;
}

} // namespace danube::local
