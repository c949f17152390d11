// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/filedescriptor.h"
#include "shared/core/result.h"

#include <QSocketNotifier>

#include <memory>

namespace danube::rpc {

/// Is told when its socket can be read or written, whichever it waits for, or has failed.
class PolledSocket
{
public:
    virtual void onReady() = 0;

protected:
    ~PolledSocket() = default;
};

/// Many sockets behind one epoll descriptor, which is all that Qt's loop sees: by itself it polls each socket in each
/// turn, also those of hundreds of jobs that say nothing. Level-triggered. One thread.
class SocketPoller final : public QObject
{
    Q_OBJECT
public:
    enum class Wait { ToRead, ToWrite };

    explicit SocketPoller(QObject *parent) : QObject(parent) {}

    Result<void> open(); ///< in its thread; once
    Result<void> add(int descriptor, PolledSocket &socket);
    /// To be called before the descriptor is closed: while a child of this process is between fork and exec, closing
    /// does not take it out. `socket` lives until the event loop runs again, as it may be among those that are told
    /// now.
    void remove(int descriptor);
    void change(int descriptor, PolledSocket &socket, Wait wait);

private:
    void dispatch();

    FileDescriptor m_epoll;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace danube::rpc
