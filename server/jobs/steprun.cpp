// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/steprun.h"

#include "server/jobs/capture.h"
#include "server/jobs/category.h"
#include "server/logs/logservice.h"
#include "server/store/store.h"

#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::jobs {

constexpr size_t maxCallers = 1000;

StepRun::StepRun(const EngineServices &services, const EngineSettings &settings, StepMachine machine, StepLaunch launch)
    : m_services(services),
      m_settings(settings),
      m_machine(std::move(machine)),
      m_launch(std::move(launch)),
      m_backoff(milliseconds(200), milliseconds(30'000))
{}

StepEvent StepRun::eventOf(StepEventKind kind) const
{
    return {.kind = kind, .at = m_services.clock.wall(), .outcome = {}};
}

void StepRun::claim()
{
    m_services.store.insertStep(row(), this, [this](Result<void> inserted) {
        if (!inserted)
            m_refusal = inserted.error().in(u"step '%1'"_s.arg(row().name));
        else
            emit changed(row());
        feed(eventOf(inserted ? StepEventKind::IntentDurable : StepEventKind::IntentFailed));
    });
}

void StepRun::feed(const StepEvent &event)
{
    auto [machine, actions] = next(std::move(m_machine), event);
    m_machine = std::move(machine);
    for (const StepAction action : std::as_const(actions))
        act(action);
}

void StepRun::bringCommand(StepLaunch launch)
{
    m_launch = std::move(launch);
    feed(eventOf(StepEventKind::Commanded));
}

void StepRun::wait(Answer<protocol::RunStepAnswer> caller)
{
    m_callers.remove_if([](const auto &waiting) { return !waiting.isAwaited(); });
    m_callers.push_back(std::move(caller));
    if (m_callers.size() > maxCallers) {
        auto oldest = std::move(m_callers.front());
        m_callers.pop_front();
        oldest(fail(ErrorCode::Unavailable,
                    u"step '%1': more than %2 callers wait for it; ask again"_s.arg(row().name).arg(maxCallers)));
    }
    if (m_machine.phase == StepPhase::Finished)
        answerAll();
}

bool StepRun::isSettled() const
{
    return m_machine.phase == StepPhase::Refused || (m_machine.phase == StepPhase::Finished && !m_reading);
}

void StepRun::act(StepAction action)
{
    switch (action) {
    case StepAction::Start:
        return start(m_launch.argv);
    case StepAction::Attach:
        return start({});
    case StepAction::Kill:
        return m_services.executor.killStep(row().job, row().number, m_killReason);
    case StepAction::PersistRunning:
        return persistRunning();
    case StepAction::PersistResult:
        noteOutcome();
        return persistResult();
    case StepAction::Answer:
        return answerAll();
    case StepAction::Refuse:
        giveAnswers(std::unexpected(m_refusal.value_or(Error{ErrorCode::Internal, u"step refused"_s})));
        emit settled();
        return;
    }
}

void StepRun::start(const QStringList &argv)
{
    StepLaunch launch = m_launch;
    launch.number = row().number;
    launch.argv = argv;
    launch.image = row().image; // a restored step has no request, yet it runs in a container of this image
    qCInfo(lcJobs).noquote() << u"step-%1 job=%2 step=%3"_s
                                    .arg(argv.isEmpty() ? u"attach"_s : u"start"_s, row().job.value())
                                    .arg(toInt(row().number));
    m_services.executor.startStep(row().job, launch);
}

// Nobody waits for this row: should it be missing after a crash, the step is found as intended, which is as good.
void StepRun::persistRunning()
{
    m_services.store.updateStep(row(), this, [this, step = row()](Result<void> written) {
        if (written)
            emit changed(step);
    });
}

void StepRun::persistResult()
{
    m_services.store.updateStep(row(), this, [this](Result<void> written) {
        if (written) {
            emit changed(row());
            return feed(eventOf(StepEventKind::ResultDurable));
        }
        qCWarning(lcJobs).noquote() << u"step-result-not-written job=%1 step=%2 error=\"%3\""_s.arg(
            row().job.value(), QString::number(toInt(row().number)), written.error().message);
        QTimer::singleShot(m_backoff.next(), this, [this] { persistResult(); });
    });
}

// A plain exit speaks for itself; anything else is worth a sentence in the log.
void StepRun::noteOutcome()
{
    const StepOutcome &outcome = *row().outcome;
    qCInfo(lcJobs).noquote() << u"step-end job=%1 step=%2 outcome=\"%3\""_s.arg(
        row().job.value(), QString::number(toInt(row().number)), describe(outcome));
    if (outcome.kind != OutcomeKind::Exited)
        m_services.logs.note(row().job, row().number, u"step '%1': %2"_s.arg(row().name, describe(outcome)));
}

void StepRun::answerAll()
{
    if (row().captureOutput && !m_callers.empty())
        return giveCaptured();
    giveAnswers(protocol::RunStepAnswer{.outcome = *row().outcome, .stdoutText = {}});
    emit settled();
}

void StepRun::giveAnswers(const Result<protocol::RunStepAnswer> &answer)
{
    for (auto &caller : std::exchange(m_callers, {}))
        caller(answer);
}

// Callers who come while the log is being read are answered from the same reading.
void StepRun::giveCaptured()
{
    if (std::exchange(m_reading, true))
        return;
    readCaptured({m_services.logs.directory(), row().job, row().number}, m_settings.captureLimit, this,
                 [this](Result<logs::LogReader::Extract> extract) {
                     m_reading = false;
                     if (extract)
                         giveAnswers(protocol::RunStepAnswer{*row().outcome, extract->bytes, extract->truncated});
                     else
                         giveAnswers(std::unexpected(extract.error()));
                     emit settled();
                 });
}

} // namespace danube::jobs
