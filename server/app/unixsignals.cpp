// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/unixsignals.h"

#include <QSocketNotifier>

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace danube::app {

// A signalfd: the signals are blocked in every thread started later and read where they can be acted on.
UnixSignals::UnixSignals(QObject *parent) : QObject(parent)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&wanted, signal);
    pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    m_descriptor = ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    m_notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &UnixSignals::read);
}

UnixSignals::~UnixSignals()
{
    m_notifier->setEnabled(false);
    ::close(m_descriptor);
}

void UnixSignals::read()
{
    signalfd_siginfo info{};
    while (::read(m_descriptor, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        if (info.ssi_signo == SIGHUP)
            emit reload();
        else
            emit terminate();
    }
}

} // namespace danube::app
