// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/coordinator.h"
#include "shared/core/filedescriptor.h"
#include "shared/core/logging.h"
#include "shared/core/outofmemory.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

using namespace danube;
using namespace danube::coordinator;

namespace {

/// The token is in this process's memory: no core file, no ptrace by others of the same user.
void hideMemory()
{
    prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

/// Blocks TERM, INT and HUP for all threads and gives a descriptor that tells of them.
FileDescriptor catchSignals()
{
    sigset_t caught;
    sigemptyset(&caught);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&caught, number);
    sigprocmask(SIG_BLOCK, &caught, nullptr);
    return FileDescriptor(signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK));
}

} // namespace

int main(int argc, char *argv[])
{
    hideMemory();
    tellOutOfMemory("danube-coordinator: out of memory\n");
    // Logs are UTF-8 whatever the image's locale; Qt and Python follow this.
    setenv("LC_ALL", "C.UTF-8", 1);
    const auto signalDescriptor = catchSignals();
    QCoreApplication app(argc, argv);
    installLogging(LogFormat::Text, QtWarningMsg);

    auto environment = readEnvironment(QProcessEnvironment::systemEnvironment());
    if (environment && environment->token.isEmpty()) {
        if (auto token = readToken(environment->tokenFile); token)
            environment->token = std::move(*token);
        else
            environment = std::unexpected(token.error());
    }
    if (!environment) {
        say(stderr, environment.error().message);
        return Coordinator::setUpFailed;
    }
    Secret token = std::move(environment->token);
    Coordinator coordinator(std::move(*environment), std::move(token));
    QSocketNotifier stopper(signalDescriptor.get(), QSocketNotifier::Read);
    QObject::connect(&stopper, &QSocketNotifier::activated, &coordinator, [&] {
        stopper.setEnabled(false);
        coordinator.stop();
    });
    QObject::connect(&coordinator, &Coordinator::finished, &app, &QCoreApplication::exit, Qt::QueuedConnection);
    coordinator.start();
    return app.exec();
}
