// SPDX-License-Identifier: GPL-3.0-or-later
// What others ask of a running job and what the executor reports: the part of JobRun that faces outwards.
#include "server/jobs/jobrun.h"

#include "server/logs/logservice.h"
#include "server/secrets/secretsource.h"
#include "server/store/store.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::jobs {

void JobRun::cancel(const QString &by, Answer<Job> answer)
{
    if (isEnding(m_machine) && job().verdict != JobState::Cancelled)
        return answer(fail(ErrorCode::Conflict, u"job %1: it is ending already: %2"_s.arg(
                                                    job().id.value(), toText(job().verdict.value_or(job().state)))));
    m_cancels.push_back(std::move(answer));
    feed(eventOf(JobEventKind::CancelRequested, by));
}

// Durable once the verdict is; a job that never began is only a moment away from its end then, and worth waiting for.
void JobRun::answerCancels()
{
    const bool neverBegan = job().state == JobState::Pending;
    if (m_machine.phase <= Phase::Deciding || (neverBegan && m_machine.phase != Phase::Ended))
        return;
    for (auto &answer : std::exchange(m_cancels, {}))
        answer(job());
}

Result<void> JobRun::checkActing() const
{
    if (acceptsSteps(m_machine) && !isEnding(m_machine))
        return {};
    const QString name = u"job %1"_s.arg(job().id.value());
    if (isEnding(m_machine))
        return fail(ErrorCode::Conflict, name + u": it is ending"_s);
    if (job().state != JobState::Pending && m_machine.phase <= Phase::Preparing)
        return fail(ErrorCode::Unavailable, name + u": it is being adopted after a restart"_s);
    return fail(ErrorCode::Conflict, name + u": it is %1, not running"_s.arg(toText(job().state)));
}

void JobRun::confirmStarted()
{
    if (m_machine.phase == Phase::Starting)
        reportStarted();
}

void JobRun::runStep(const protocol::RunStepRequest &request, Answer<protocol::RunStepAnswer> answer)
{
    m_steps.run(request, m_log.secrets(), std::move(answer));
}

void JobRun::giveSecret(const QString &key, Secret value, Answer<QByteArray> answer)
{
    const QByteArray revealed = value.reveal();
    m_log.grant(key, std::move(value), [this, key, revealed, answer = std::move(answer)]() mutable {
        m_reportedMessage.reset(); // it may hold the value, which would be redacted now
        showOnBoard();
        auto present = m_services.secrets.value(key, m_pipeline.name);
        if (present && equalsConstantTime(present->reveal(), revealed))
            m_board.setSecret(job().id, key, std::move(*present));
        answer(revealed);
    });
}

void JobRun::reportStatus(const protocol::ReportStatusRequest &request, Answer<QString> answer)
{
    confirmStarted();
    Job &row = m_machine.job;
    bool isNews = false;
    if (request.message) {
        QString message = redacted(*request.message, m_log.secrets());
        isNews = std::exchange(row.message, message) != message;
        m_reportedMessage = request.message;
    }
    if (request.progress)
        isNews |= std::exchange(row.progress, *request.progress) != *request.progress;
    if (isNews || !m_isStatusSaved || !isRowSaved()) // then the whole row is written
        return saveStatus(std::move(answer));
    showOnBoard();
    answer(toText(job().state));
}

// Reports that come while one is being written share the next write: it carries all of them. How many can wait is
// bounded by the RPC port's open calls.
void JobRun::saveStatus(Answer<QString> answer)
{
    if (std::exchange(m_isStatusSaved, false))
        showOnBoard();
    m_reports.push_back(std::move(answer));
    if (!m_isSavingStatus)
        writeStatus();
}

void JobRun::writeStatus()
{
    m_isSavingStatus = true;
    auto saved = [this, row = job(), reports = std::exchange(m_reports, {})](const Result<void> &written) mutable {
        m_isSavingStatus = false;
        m_isStatusSaved = written && m_reports.empty();
        if (m_isStatusSaved)
            showOnBoard();
        if (!m_reports.empty())
            writeStatus();
        const auto status = written.transform([&row] { return toText(row.state); });
        for (auto &answer : reports)
            answer(status);
        if (written)
            emit changed(row);
    };
    // The answer and the event tell the state, too: one whose own write is still to come (or failed) is written here.
    if (isRowSaved())
        m_services.store.updateJobReport(job(), this, std::move(saved));
    else
        m_services.store.updateJob(job(), this, std::move(saved));
}

void JobRun::reportPending(const QString &reason)
{
    if (job().state == JobState::Scheduling && job().reason != reason)
        m_log.note(u"waiting: "_s + reason);
    feed(eventOf(JobEventKind::Waiting, reason));
}

void JobRun::reportStarted()
{
    feed(eventOf(JobEventKind::Started));
}

/// An agent names the program that it could not run, and a script may have put a secret there.
StepOutcome JobRun::told(StepOutcome outcome) const
{
    outcome.message = redacted(outcome.message, m_log.secrets());
    return outcome;
}

void JobRun::reportFinished(StepNumber step, const StepOutcome &outcome)
{
    m_steps.reportFinished(step, told(outcome));
}

// The steps' rows go first: a verdict must never be durable before the outcomes it was made from.
void JobRun::reportExit(const StepOutcome &outcome)
{
    if (m_exit)
        return;
    m_exit = told(outcome);
    judgeExit();
}

void JobRun::judgeExit()
{
    if (!m_exit || m_isLost || !acceptsSteps(m_machine) || m_steps.isRecording())
        return;
    JobEvent event = eventOf(JobEventKind::CoordinatorExited);
    event.outcome = m_exit;
    event.steps = m_steps.summary();
    feed(event);
}

// The steps' rows go first here, too: the next master could not tell a lost step from one that the job's end cut short.
void JobRun::reportLost(const QString &reason)
{
    const QString text = reason.isEmpty() ? u"the job's containers are gone"_s : reason;
    if (!std::exchange(m_isLost, true))
        m_steps.close({.kind = OutcomeKind::Lost, .message = text});
    feed(eventOf(JobEventKind::JobLost, text));
}

void JobRun::reportViolation(const QString &text, Violation violation)
{
    if (m_machine.phase != Phase::Preparing && m_machine.phase != Phase::Starting && m_machine.phase != Phase::Running)
        return;
    m_log.note(text);
    if (violation == Violation::Fatal)
        feed(eventOf(JobEventKind::Violated, text));
}

void JobRun::reportReleased()
{
    feed(eventOf(JobEventKind::Released));
}

// The names are those of server/coordinator/environment.h and of the Python module's context.
Environment JobRun::coordinatorEnvironment() const
{
    QJsonObject params;
    for (auto it = job().params.begin(); it != job().params.end(); ++it)
        params.insert(it.key(), it.value());
    return {{u"DANUBE_JOB_ID"_s, job().id.value()},
            {u"DANUBE_JOB_NUMBER"_s, QString::number(job().number)},
            {u"DANUBE_ATTEMPT"_s, QString::number(job().attempt)},
            {u"DANUBE_PIPELINE"_s, job().pipeline},
            {u"DANUBE_REPOSITORY"_s, job().repository},
            {u"DANUBE_BRANCH"_s, job().branch},
            {u"DANUBE_COMMIT_SHA"_s, job().commit},
            {u"DANUBE_TRIGGER_TYPE"_s, job().triggerType},
            {u"DANUBE_TRIGGER_REF"_s, job().triggerRef.isEmpty() ? job().ref : job().triggerRef},
            {u"DANUBE_SCRIPT"_s, m_pipeline.script},
            {u"DANUBE_PARAMS"_s, QString::fromUtf8(QJsonDocument(params).toJson(QJsonDocument::Compact))}};
}

} // namespace danube::jobs
