// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/output.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace danube::cli {
namespace {

/// 0, or the errno that stopped it.
int writeAll(int descriptor, const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const auto count = ::write(descriptor, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        if (count < 0 && errno != EINTR)
            return errno;
        done += count > 0 ? count : 0;
    }
    return 0;
}

} // namespace

void ProcessOutput::writeOut(const QByteArray &bytes)
{
    const int error = writeAll(STDOUT_FILENO, bytes);
    if (error == 0)
        return;
    if (error == EPIPE) {
        // Qt ignores SIGPIPE for its sockets; `danubectl logs … | head` should still end the way others do.
        std::signal(SIGPIPE, SIG_DFL);
        std::raise(SIGPIPE);
    }
    note(QStringLiteral("write to standard output: ") + QString::fromLocal8Bit(strerror(error)));
    ::_exit(5);
}

void ProcessOutput::writeErr(const QByteArray &bytes)
{
    writeAll(STDERR_FILENO, bytes);
}

} // namespace danube::cli
