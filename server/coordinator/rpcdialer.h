// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/filedescriptor.h"
#include "shared/core/result.h"

#include <QObject>
#include <QPointer>
#include <QSocketNotifier>

#include <deque>
#include <functional>

namespace danube::coordinator {

/// Connections to the master's RPC port for a process without a network: a helper outside makes them, and passes each
/// by descriptor over a SOCK_SEQPACKET socket ("dial\n" → "ok\n" and the descriptor, or "error <text>\n";
/// docs/formats/guard.md). Answers come in the order of the questions. One thread.
class RpcDialer : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<int>)>;

    /// Takes over the socket's descriptor, which no child inherits any more.
    explicit RpcDialer(int socket);

    /// The callback owns the descriptor. It comes later than the call, or never once `context` is gone. Unavailable:
    /// the helper cannot connect, or is gone.
    void dial(QObject *context, Done done);

private:
    struct Question
    {
        QPointer<QObject> context;
        Done done;
    };
    void read();
    void answer(Result<int> result);
    void failAll(const QString &why);

    FileDescriptor m_socket;
    QSocketNotifier m_notifier;
    std::deque<Question> m_questions;
    bool m_isGone = false;
};

} // namespace danube::coordinator
