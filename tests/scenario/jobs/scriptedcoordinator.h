// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/jobs/engineworld.h"

namespace danube::tests {

struct ScriptedStep
{
    QString script;
    QString secret{}; ///< asked for before the step
};

/// What runs in the job: stages of steps in parallel, each called with a request id and called again for as long as the
/// master is away, as the real coordinator does. It lives in no master: it notices a restart only as a call without an
/// answer.
class ScriptedCoordinator
{
public:
    enum class End {
        Checked, ///< a step that fails ends the script with 1
        Hanging, ///< waits for ever
    };
    ScriptedCoordinator(EngineWorld &world, QList<QList<ScriptedStep>> stages, End end = End::Checked)
        : m_world(world), m_stages(std::move(stages)), m_end(end)
    {}

    /// The master died: what is unanswered must be asked again.
    void masterDied();
    /// To be called again and again: asks, takes answers, exits.
    void proceed(const JobId &job);
    const QList<StepOutcome> &outcomes() const { return m_outcomes; }
    int refusals() const { return m_refusals; } ///< answers that were no outcome and not Unavailable either

private:
    struct Asked
    {
        ScriptedStep step;
        QString request;
        std::optional<Call<QByteArray>> secret;
        bool hasSecret = false;
        std::optional<Call<protocol::RunStepAnswer>> call;
        std::optional<StepOutcome> outcome;
    };
    void beginStage();
    void proceed(const JobId &job, Asked &asked);
    bool askForSecret(const JobId &job, Asked &asked);
    void takeAnswer(Asked &asked);

    EngineWorld &m_world;
    QList<QList<ScriptedStep>> m_stages;
    End m_end;
    QList<Asked> m_asked;
    QList<StepOutcome> m_outcomes;
    int m_stage = 0;
    int m_refusals = 0;
};

inline void ScriptedCoordinator::masterDied()
{
    for (Asked &asked : m_asked) {
        asked.call.reset();
        asked.secret.reset();
    }
}

inline void ScriptedCoordinator::beginStage()
{
    int index = 0;
    for (const ScriptedStep &step : std::as_const(m_stages[m_stage]))
        m_asked.append({.step = step,
                        .request = QStringLiteral("r%1-%2").arg(m_stage).arg(index++),
                        .secret = {},
                        .call = {},
                        .outcome = {}});
    ++m_stage;
}

inline void ScriptedCoordinator::proceed(const JobId &job)
{
    const auto *containers = m_world.cluster.find(job);
    if (!containers || containers->coordinator)
        return;
    const bool allAnswered = std::ranges::all_of(m_asked, [](const Asked &asked) { return asked.outcome.has_value(); });
    if (!allAnswered) {
        for (Asked &asked : m_asked)
            proceed(job, asked);
        return;
    }
    m_asked.clear();
    const bool hasFailed = std::ranges::any_of(m_outcomes, [](const auto &outcome) { return !outcome.isSuccess(); });
    if (m_stage < m_stages.size() && !hasFailed)
        return beginStage();
    if (m_end == End::Checked)
        m_world.cluster.exitCoordinator(job, hasFailed ? 1 : 0);
}

inline void ScriptedCoordinator::proceed(const JobId &job, Asked &asked)
{
    if (asked.outcome || !askForSecret(job, asked))
        return;
    if (!asked.call)
        asked.call = m_world.runStep(job, asked.step.script, asked.request);
    if (asked.call->isDone())
        takeAnswer(asked);
}

inline bool ScriptedCoordinator::askForSecret(const JobId &job, Asked &asked)
{
    if (asked.step.secret.isEmpty() || asked.hasSecret)
        return true;
    if (!asked.secret)
        asked.secret = m_world.getSecret(job, asked.step.secret);
    if (!asked.secret->isDone())
        return false;
    asked.hasSecret = asked.secret->result->value().has_value();
    asked.secret.reset();
    return asked.hasSecret;
}

inline void ScriptedCoordinator::takeAnswer(Asked &asked)
{
    const auto &answer = asked.call->result->value();
    if (answer) {
        asked.outcome = answer->outcome;
        m_outcomes.append(answer->outcome);
        return;
    }
    m_refusals += answer.error().code == ErrorCode::Unavailable ? 0 : 1;
    asked.call.reset();
}

} // namespace danube::tests
