// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/scriptprocess.h"

#include "shared/core/filedescriptor.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

ScriptProcess::ScriptProcess(const Environment &environment) : m_environment(environment)
{
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_kill.setSingleShot(true);
    connect(&m_kill, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        m_kill.stop();
        emit finished(status == QProcess::NormalExit ? code : 128 + code);
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failed(u"python3 does not start: "_s + m_process.errorString());
    });
}

ScriptProcess::~ScriptProcess()
{
    m_process.disconnect(this);
    m_process.kill();
    if (m_process.state() != QProcess::NotRunning)
        m_process.waitForFinished(1000); // reaps the killed child
}

Result<int> ScriptProcess::start(const QString &directory)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return failErrno(u"make the script's socket pair"_s, errno);
    FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    m_process.setChildProcessModifier([fd = theirs.get()] {
        // Between fork and exec: async-signal-safe calls only.
        ::fcntl(fd, F_SETFD, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
    });
    auto environment = m_environment.forScript;
    environment.insert(u"DANUBE_CHANNEL_FD"_s, QString::number(theirs.get()));
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(directory);
    m_process.start(u"python3"_s, {u"-I"_s, u"-B"_s, m_environment.sdkDirectory + u"/danube/_runner.py"_s,
                                   directory + u'/' + m_environment.script});
    return ours.release();
}

void ScriptProcess::stop(milliseconds grace)
{
    m_process.terminate();
    m_kill.start(grace);
}

} // namespace danube::coordinator
