// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <array>

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// One commit on its way into force: committed → synced → policy applied → valid, each with its time or the exact
/// error. Asks the master once a second, at most two minutes per stage.
class CommitRun : public QObject
{
    Q_OBJECT
public:
    enum class Stage { Committed, Synced, PolicyApplied, Valid };
    static constexpr int stageCount = 4;
    struct Step
    {
        enum class State { Waiting, Running, Done, Skipped, Failed };
        State state = State::Waiting;
        WallTime at{};  ///< of the last change
        QString detail; ///< what was done, or the exact error
        bool operator==(const Step &) const = default;
    };
    enum class State { Idle, Running, MergeNeeded, Finished, Failed };

    CommitRun(api::ApiClient &client, const Clock &clock, QObject *parent = nullptr);
    void setPollInterval(milliseconds interval) { m_poll.setInterval(interval); }

    void start(const QString &base, const QString &message, const blueprint::Files &files);
    void fail(const QString &why); ///< at the present stage
    void pauseForMerge(const QString &commit);
    void reset(); ///< idle again; forgets answers under way

    State state() const { return m_state; }
    const Step &step(Stage stage) const { return m_steps[static_cast<size_t>(stage)]; }
    const QString &commit() const { return m_commit; }

signals:
    void changed();
    void committed(const QString &commit, const danube::blueprint::Files &sent);
    void refusedAsMoved(const QString &why); ///< 409; whoever hears it calls fail() or pauseForMerge()

private:
    static constexpr int maxPolls = 120;
    Step &now() { return m_steps[static_cast<size_t>(m_stage)]; }
    void takeAnswer(const Result<QJsonObject> &answer);
    void finishStage(Step::State state, const QString &detail);
    void ask();
    void takeBlueprint(const QJsonObject &status);
    void takePolicy(const QJsonObject &policy);
    void judgePolicies(const QJsonObject &policy);

    api::ApiClient &m_client;
    const Clock &m_clock;
    std::array<Step, stageCount> m_steps;
    Stage m_stage = Stage::Committed;
    State m_state = State::Idle;
    QString m_commit;
    blueprint::Files m_files; ///< that were sent
    quint64 m_round = 0;      ///< answers of an older one are void
    int m_polls = 0;
    QTimer m_poll;
};

QString stageWord(CommitRun::Stage stage);       ///< "Committed", "In force", "Policy applied", "Valid"
QString stateWord(CommitRun::Step::State state); ///< "waiting", "at work", "done", "not needed", "failed"

} // namespace danube::console
