// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/link/containerlink.h"
#include "server/executors/local/jobsandbox.h"
#include "server/jobs/executor.h"

#include <QLocalSocket>

namespace danube::local {

/// One "container" of a local job: a danube-agent daemon in a directory of its own, and the link to it. Connects,
/// starts the daemon when none was ever started, reconnects after a break, and notices its death. Lives on the io
/// thread.
class LocalContainer : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        JobId job;
        QString directory; ///< the agent's DIR; below the job's folder
        QString agentProgram;
        QStringList environment; ///< "NAME=value", of the daemon and, below their own, of its steps
        Secret key;
        logs::LogService *logs = nullptr;
        jobs::LaunchMode mode = jobs::LaunchMode::StartOrAttach;
        milliseconds startLimit{15'000};
        std::chrono::seconds orphanLimit{};
        JobSandbox *sandbox = nullptr; ///< starts the daemon where given, and knows what became of it; outlives this
    };
    explicit LocalContainer(Settings settings, QObject *parent = nullptr);
    ~LocalContainer() override;

    void open();
    link::ContainerLink &link() { return m_link; }
    /// Ends the daemon and everything below it, by force when it does not go by itself; then gone().
    void close(milliseconds grace);

signals:
    void up();                 ///< the first time the link is ready
    void died(QString reason); ///< once; no step runs any more
    void gone();               ///< after close(): no process is left

private:
    enum class State { Opening, Up, Reconnecting, Dead, Closing, Gone };

    void tryConnect();
    Result<void> startDaemon();
    QString reasonOfEnd() const;
    void onSocket(int descriptor);
    void onReady();
    void onBroken();
    void lose(const QString &reason);
    void checkGone();
    void retrySoon();

    Settings m_settings;
    link::ContainerLink m_link;
    QPointer<QLocalSocket> m_socket; ///< the connection in use
    State m_state = State::Opening;
    bool m_spawned = false;
    bool m_wasUp = false;
    Backoff m_backoff{milliseconds(20), milliseconds(1000)};
    QTimer m_retry{this};
    QTimer m_goneCheck{this};
    SteadyTime m_openedAt{};
    SteadyTime m_forceAt{};
};

} // namespace danube::local
