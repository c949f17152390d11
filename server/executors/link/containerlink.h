// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/link/linkclient.h"
#include "server/logs/logservice.h"
#include "shared/core/backoff.h"

#include <QIODevice>
#include <QPointer>
#include <QTimer>

#include <map>

namespace danube::link {

/// One container of one job as the master sees it, over any number of connections to its agent: starts and adopts
/// steps, moves their output into the job's log, acknowledges what is durable there, and reports outcomes once.
/// Every executor uses it; only the transport differs.
///
/// Thread: the log service's io thread. Output is appended synchronously in the read slot, so a slow disk makes the
/// link stop reading. A log that cannot be written breaks the connection; the next one resumes from the last
/// byte taken in, so nothing is lost and nothing doubled.
class ContainerLink : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        JobId job;
        Secret key; ///< the container key
        logs::LogService *logs = nullptr;
        milliseconds handshakeLimit{10'000};
    };
    explicit ContainerLink(Settings settings, QObject *parent = nullptr);
    ~ContainerLink() override;

    /// Uses (and owns) an open connection to the agent; a former one is dropped.
    void attach(QIODevice *device, KeyHandover handover);
    /// The transport saw its end: as if the connection broke by itself.
    void connectionEnded(const QString &reason);
    bool isUp() const { return m_client && m_client->isUp(); }
    /// The log took nothing the last time: each connection will break again until it does, so the next ones may wait.
    bool isLogRefusing() const { return m_isLogRefusing; }

    /// Ensures the step is started, once, over all connections; an outcome told before is told again. `spec` may be
    /// absent: then a step that the agent knows is followed, and one it does not know is Lost.
    void start(StepNumber step, std::optional<StepSpec> spec);
    void kill(StepNumber step, KillCause cause, milliseconds grace);
    /// Ends the agent and all its steps; no outcome is reported from then on.
    void shutdown(milliseconds grace);
    /// The agent is dead. Steps whose record lies on disk and whose output is complete end by it, all others are Lost.
    /// `stepsDirectory` is the agent's DIR/steps; empty when it cannot be read.
    void agentDied(const QString &stepsDirectory, const QString &reason);

signals:
    void ready();                     ///< the connection is up; steps were started or resumed
    void broken(danube::Error error); ///< attach() another one
    void stepStarted(danube::StepNumber step);
    void stepFinished(danube::StepNumber step, danube::StepOutcome outcome);

private:
    struct Step
    {
        std::optional<StepSpec> spec;
        bool startSent = false; ///< on this connection, and not refused since
        bool startReported = false;
        std::optional<std::pair<KillCause, milliseconds>> kill;
        std::optional<StepOutcome> ending; ///< known, but its log not yet durable
        bool finished = false;
        quint64 creditLimit = 0;
    };

    void read();
    void flush();
    void breakConnection(const Error &error);
    void onTick();
    void onSynced(const JobId &job);
    void request(StepNumber number, Step &step);
    void reportStarted(StepNumber number, Step &step);
    void finish(StepNumber number, const StepOutcome &outcome);
    void finishUnstarted(StepNumber number, KillCause cause);
    bool settle(StepNumber number, Step &step);
    StreamPoint pointOf(StepNumber number, Step &step);

    void handle(const Ready &event);
    void handle(const StepStarted &event);
    void handle(const StepOutput &event);
    void handle(const StepExited &event);
    void handle(const StepFailed &event);
    void handle(const Pong &event);
    void handle(const LinkBroken &event);

    Settings m_settings;
    std::unique_ptr<LinkClient> m_client;
    QPointer<QIODevice> m_device;
    QByteArray m_unsent; ///< what the device has no room for yet
    std::map<StepNumber, Step> m_steps;
    std::map<StepNumber, StreamOffsets> m_known; ///< steps this agent has, since Ready
    std::optional<milliseconds> m_shutdown;
    bool m_isLogRefusing = false;
    QTimer m_tick{this};
    SteadyTime m_lastRead{};
    SteadyTime m_attachedAt{};
    SteadyTime m_lastPing{};
};

} // namespace danube::link
