// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/link/linkclient.h"

#include <QMap>
#include <QTemporaryDir>
#include <QTemporaryFile>

#include <sys/types.h>

/// A real danube-agent and links to it, for tests. Blocking, with deadlines; no event loop.
namespace danube::tests {

/// `danube-agent daemon` in a directory of its own; ended by its pid with the object.
class AgentProcess
{
public:
    /// `program`: path of danube-agent. `wrapper`: a command that runs it, for example in other namespaces. `options`:
    /// behind the others.
    explicit AgentProcess(const QString &program, const QStringList &wrapper = {}, const QStringList &options = {});
    ~AgentProcess();
    bool start();
    /// SIGKILL, and waits for it.
    void kill();
    /// Waits until it ends by itself; its exit code, or -1 after the deadline.
    int waitForExit(milliseconds limit);
    pid_t pid() const { return m_pid; }
    /// What it printed to its stderr, which is the agent.log of a job.
    QByteArray told() const;
    QString directory() const { return m_directory.filePath(QStringLiteral("agent")); }
    QString scratch(const QString &name) const { return m_directory.filePath(name); }

private:
    QStringList m_command;
    QTemporaryDir m_directory;
    QTemporaryFile m_told; ///< not in the directory, which a step may delete
    pid_t m_pid = 0;
};

/// What became of a step, over any number of links.
struct StepView
{
    std::optional<link::StepStarted> started;
    QByteArray output[2]; ///< stdout, stderr
    std::optional<link::ExitRecord> exit;
    QList<link::StepFailed> failures;
    link::StreamPoint point(quint64 window) const;
    StepOutcome outcome() const { return exit ? link::toOutcome(*exit) : StepOutcome{}; }
};

/// One link over the Unix socket.
class LinkSession
{
public:
    LinkSession(const QString &directory, const Secret &key, link::KeyHandover handover,
                QMap<quint32, StepView> &steps);
    ~LinkSession();
    link::LinkClient &client() { return m_client; }
    const std::optional<link::Ready> &ready() const { return m_ready; }
    const std::optional<Error> &broken() const { return m_broken; }
    bool isClosed() const { return m_fd < 0; }
    int pongs() const { return m_pongs; }
    /// Moves bytes both ways until the condition holds; false after the deadline or once the link is closed.
    bool run(const std::function<bool()> &until, milliseconds limit = milliseconds(10'000));
    bool waitReady()
    {
        return run([this] { return m_ready.has_value(); });
    }
    bool waitExit(quint32 step, milliseconds limit = milliseconds(10'000));
    /// At most so many bytes are read from now on, then the link is cut.
    void cutAfter(qint64 bytes) { m_bytesLeft = bytes; }
    /// Acknowledge and extend the credit of what arrives by itself (default), keeping `window` bytes ahead.
    void setAutomatic(bool automatic, quint64 window = 1U << 20);
    void close();

private:
    void handle(const link::LinkEvent &event);
    void extend(StepNumber step);

    int m_fd = -1;
    link::LinkClient m_client;
    QMap<quint32, StepView> &m_steps;
    std::optional<link::Ready> m_ready;
    std::optional<Error> m_broken;
    QByteArray m_unwritten;
    qint64 m_bytesLeft = -1;
    int m_pongs = 0;
    bool m_isAutomatic = true;
    quint64 m_window = 1U << 20;
};

/// A step that runs `script` with /bin/sh -c.
link::StepSpec shell(const QString &script);
/// Waits with a deadline for a condition outside of any link.
bool waitUntil(const std::function<bool()> &condition, milliseconds limit = milliseconds(10'000));

} // namespace danube::tests
