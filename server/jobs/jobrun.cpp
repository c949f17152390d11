// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobrun.h"

#include "server/auth/keyring.h"
#include "server/jobs/capture.h"
#include "server/jobs/category.h"
#include "server/logs/logservice.h"
#include "server/source/sourceservice.h"
#include "server/store/store.h"

#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::jobs {

JobRun::JobRun(const EngineServices &services, const EngineSettings &settings, JobBoard &board, JobMachine machine,
               Pipeline pipeline)
    : m_services(services),
      m_settings(settings),
      m_board(board),
      m_machine(std::move(machine)),
      m_pipeline(std::move(pipeline)),
      m_steps(services, settings, m_machine.job.id),
      m_log(services, m_machine.job.id),
      m_backoff(milliseconds(200), milliseconds(30'000)),
      m_logBackoff(milliseconds(200), milliseconds(30'000))
{
    if (isEnding(m_machine))
        m_resultNote = ResultNote::Unknown;
    connect(&m_steps, &StepSet::settled, this, &JobRun::stepsSettled);
}

void JobRun::restore(const QList<Step> &steps, const QStringList &grants)
{
    m_steps.restore(steps);
    m_grants = grants;
}

JobEvent JobRun::eventOf(JobEventKind kind, const QString &text) const
{
    JobEvent event{};
    event.kind = kind;
    event.at = m_services.clock.wall();
    event.text = text;
    return event;
}

// Services may answer from inside a call: what they report waits until the actions before it are done.
void JobRun::feed(JobEvent event)
{
    m_events.push_back(std::move(event));
    if (std::exchange(m_feeding, true))
        return;
    while (!m_events.empty()) {
        const JobEvent current = std::move(m_events.front());
        m_events.pop_front();
        auto [machine, actions] = next(std::move(m_machine), current);
        m_machine = std::move(machine);
        showOnBoard();
        for (const JobAction action : std::as_const(actions))
            act(action);
    }
    m_feeding = false;
    answerCancels();
}

// Before anything is done about a change: nobody who saw what follows from it may read here what was before it.
void JobRun::showOnBoard()
{
    const bool mayAct = m_machine.phase == Phase::Running && checkActing();
    if (std::exchange(m_isOnBoard, mayAct) != mayAct)
        mayAct ? m_board.open(job().id) : m_board.close(job().id);
    if (!mayAct)
        return;
    std::optional<JobBoard::Status> status;
    if (m_isStatusSaved && isRowSaved())
        status = {toText(job().state), m_reportedMessage, job().progress};
    m_board.setStatus(job().id, std::move(status));
}

void JobRun::act(JobAction action)
{
    switch (action) {
    case JobAction::OpenLog:
        return openLog();
    case JobAction::OpenLogLater:
        return openLogLater();
    case JobAction::ResolveSource:
        return resolveSource();
    case JobAction::Persist:
        return persist();
    case JobAction::Launch:
        return launch();
    case JobAction::AttachSteps:
        return m_steps.adopt();
    case JobAction::KillSteps:
        return killSteps();
    case JobAction::Release:
        return m_services.executor.release(job().id);
    case JobAction::CloseSteps:
        return closeSteps();
    case JobAction::SealLog:
        return sealLog();
    case JobAction::Finish:
        emit ended();
        return;
    case JobAction::StartSchedulingTimer:
        return startTimer(Timer::Scheduling, m_settings.schedulingTimeout);
    case JobAction::StartDeadlineTimer:
        return startTimer(Timer::Deadline, job().deadline - m_services.clock.wall());
    case JobAction::StartStopTimer:
        return startTimer(Timer::Stop, m_settings.killGrace + m_settings.stopMargin);
    case JobAction::StartReleaseTimer:
        return startTimer(Timer::Release, m_settings.releaseTimeout);
    case JobAction::StartSealTimer:
        return startTimer(Timer::Seal, m_settings.sealTimeout);
    }
}

void JobRun::admit()
{
    feed(eventOf(JobEventKind::Admitted));
}

void JobRun::setPipeline(Pipeline pipeline)
{
    m_machine.maxDuration = pipeline.maxDuration;
    m_pipeline = std::move(pipeline);
}

void JobRun::refuse(const QString &reason)
{
    feed(eventOf(JobEventKind::Refused, reason));
}

void JobRun::openLog()
{
    m_log.open(m_grants, [this](const Result<void> &opened) {
        feed(opened
                 ? eventOf(JobEventKind::LogOpened)
                 : eventOf(JobEventKind::LogFailed, u"the job's log could not be opened: "_s + opened.error().message));
    });
}

void JobRun::openLogLater()
{
    const auto wait = m_logBackoff.next();
    qCWarning(lcJobs).noquote() << u"log-not-opened job=%1 again_in_ms=%2"_s.arg(job().id.value()).arg(wait.count());
    QTimer::singleShot(wait, this, [this] {
        if (m_machine.phase == Phase::Preparing)
            openLog();
    });
}

void JobRun::resolveSource()
{
    // A retry asks for the very commit of the job before it.
    const QString ref = job().commit.isEmpty() ? job().ref : job().commit;
    m_log.note(u"fetching %1 of %2"_s.arg(ref.isEmpty() ? u"the default branch"_s : ref, job().repository));
    m_services.source.resolve(job().repository, ref, this, [this](const Result<source::ResolvedCommit> &resolved) {
        if (!resolved)
            return feed(
                eventOf(JobEventKind::SourceFailed, u"the source could not be fetched: "_s + resolved.error().message));
        JobEvent event = eventOf(JobEventKind::SourceResolved);
        event.commit = resolved->commit;
        event.branch = resolved->branch;
        feed(event);
    });
}

void JobRun::persist()
{
    write(job(), m_machine.persist);
}

void JobRun::write(const Job &row, int serial)
{
    m_services.store.updateJob(row, this, [this, row, serial](const Result<void> &written) {
        if (written) {
            m_backoff.reset();
            m_saved = serial;
            emit changed(row);
            JobEvent event = eventOf(JobEventKind::Persisted);
            event.persist = serial;
            return feed(event);
        }
        qCWarning(lcJobs).noquote() << u"job-not-written job=%1 error=\"%2\""_s.arg(row.id.value(),
                                                                                    written.error().message);
        // A later write carries everything of this one.
        QTimer::singleShot(m_backoff.next(), this, [this, serial] {
            if (serial == m_machine.persist)
                write(job(), serial);
        });
    });
}

void JobRun::launch()
{
    // A step tells that the job ran, also when its own row could not be written in time.
    const bool hasRun = job().state == JobState::Running || !m_steps.isEmpty();
    JobLaunch launch{.mode = hasRun ? LaunchMode::AttachOnly : LaunchMode::StartOrAttach,
                     .job = job(),
                     .pipeline = m_pipeline,
                     .token = m_services.keyring.jobToken(job().id),
                     .rpcUrl = m_settings.rpcUrl,
                     .coordinatorEnvironment = coordinatorEnvironment()};
    m_log.note(hasRun ? u"danube-master was restarted; the job goes on"_s
                      : u"job #%1 of pipeline %2, commit %3"_s.arg(job().number).arg(job().pipeline, job().commit));
    m_services.executor.launch(std::move(launch));
}

void JobRun::killSteps()
{
    const bool timedOut = job().verdict == JobState::Timeout;
    m_steps.end(timedOut ? KillReason::Timeout : KillReason::Cancelled,
                outcomeOfUnfinished(*job().verdict, false, job().reason));
    stepsSettled();
}

void JobRun::closeSteps()
{
    m_steps.close(outcomeOfUnfinished(*job().verdict, m_machine.lost, job().reason));
    stepsSettled();
}

void JobRun::stepsSettled()
{
    judgeExit();
    const bool isStopping = m_machine.phase == Phase::Stopping;
    if ((isStopping || m_machine.phase == Phase::ClosingSteps) && m_steps.areSettled())
        feed(eventOf(isStopping ? JobEventKind::StepsEnded : JobEventKind::StepsClosed));
}

// Failures leave the timer to try again.
void JobRun::sealLog()
{
    m_log.open(m_grants, [this](const Result<void> &opened) {
        if (!opened) {
            qCWarning(lcJobs).noquote() << u"log-not-opened job=%1 error=\"%2\""_s.arg(job().id.value(),
                                                                                       opened.error().message);
            return;
        }
        noteResult([this] {
            m_log.seal([this](const Result<logs::LogSeal> &sealed) {
                if (sealed)
                    return feed(eventOf(JobEventKind::Sealed));
                qCWarning(lcJobs).noquote()
                    << u"log-not-sealed job=%1 error=\"%2\""_s.arg(job().id.value(), sealed.error().message);
            });
        });
    });
}

// Once, whichever master does it: one that was killed between the note and the seal has made it.
void JobRun::noteResult(std::move_only_function<void()> done)
{
    const QString reason = job().reason.isEmpty() ? QString() : u": "_s + job().reason;
    const QString text = u"job ended: %1%2"_s.arg(toText(*job().verdict), reason);
    if (m_resultNote != ResultNote::Unknown) {
        if (std::exchange(m_resultNote, ResultNote::Made) == ResultNote::Missing)
            m_log.note(text);
        return done();
    }
    readCaptured({m_services.logs.directory(), job().id, StepNumber::Coordinator, LogStream::System}, 1 << 20, this,
                 [this, text, done = std::move(done)](const Result<logs::LogReader::Extract> &notes) mutable {
                     const bool isThere = notes && notes->bytes.endsWith(text.toUtf8() + '\n');
                     if (std::exchange(m_resultNote, ResultNote::Made) == ResultNote::Unknown && !isThere)
                         m_log.note(text);
                     done();
                 });
}

void JobRun::startTimer(Timer timer, milliseconds in)
{
    m_timers[timer] = m_services.clock.steady() + in;
}

bool JobRun::hasTimerDue() const
{
    const SteadyTime now = m_services.clock.steady();
    return std::ranges::any_of(m_timers, [now](const auto &entry) { return entry.second <= now; });
}

void JobRun::checkTimers()
{
    const SteadyTime now = m_services.clock.steady();
    QList<Timer> due;
    for (const auto &[timer, at] : m_timers) {
        if (at <= now)
            due.append(timer);
    }
    for (const Timer timer : std::as_const(due)) {
        m_timers.erase(timer);
        feed(timeoutOf(timer));
    }
}

JobEvent JobRun::timeoutOf(Timer timer) const
{
    switch (timer) {
    case Timer::Scheduling: {
        const auto allowed = std::chrono::duration_cast<seconds>(m_settings.schedulingTimeout).count();
        return eventOf(JobEventKind::SchedulingTimedOut, u"the job could not be started within %1 s"_s.arg(allowed));
    }
    case Timer::Deadline:
        return eventOf(JobEventKind::DeadlinePassed);
    case Timer::Stop:
        return eventOf(JobEventKind::StopTimedOut);
    case Timer::Release:
        qCWarning(lcJobs).noquote() << u"release-timed-out job=%1 try=%2"_s.arg(job().id.value()).arg(m_machine.tries);
        return eventOf(JobEventKind::ReleaseTimedOut);
    case Timer::Seal:
        return eventOf(JobEventKind::SealTimedOut);
    }
    return eventOf(JobEventKind::StopTimedOut);
}

} // namespace danube::jobs
