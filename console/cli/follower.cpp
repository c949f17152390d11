// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/follower.h"

#include "console/cli/exitcode.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace danube::cli {
namespace {

// Log lines and step events come on two connections. A step's end is due when a later line has come, or no line for so
// long: a reader that lags behind a flood would else see it before the step's last lines.
constexpr auto settleDelay = 300ms;
constexpr auto retryDelay = 1s; ///< between attempts to learn a step's name or the job's end

} // namespace

Follower::Follower(Context context, JobId job, Settings settings, QObject *parent)
    : QObject(parent),
      m_context(context),
      m_job(std::move(job)),
      m_settings(settings),
      m_transcript(context.output.style(), settings.transcript),
      m_log(context.session.openLog(m_job, this))
{
    m_settleTimer.setSingleShot(true);
    m_retryTimer.setSingleShot(true);
    connect(&m_settleTimer, &QTimer::timeout, this, &Follower::settle);
    connect(&m_retryTimer, &QTimer::timeout, this, &Follower::fetchDetail);
    connect(m_log, &api::EventStream::eventsReceived, this, &Follower::takeEvents);
    connect(m_log, &api::EventStream::stateChanged, this, &Follower::takeState);
    connect(m_log, &api::EventStream::failed, this, [this](const Error &error) { finish(std::unexpected(error)); });
    connect(m_log, &api::EventStream::signInNeeded, this, [this] { finish(std::unexpected(m_log->lastError())); });
    connect(m_log, &api::EventStream::reconnecting, this, [this](const Error &why, milliseconds) {
        if (!std::exchange(m_isLost, true) && !m_isDone)
            m_context.output.note(u"connection lost (%1); trying again"_s.arg(singleLine(why.message)));
    });
    connect(&m_context.session, &api::Session::stepChanged, this, [this](const JobId &changed, const Step &step) {
        if (changed != m_job || m_isDone)
            return;
        m_transcript.update(step);
        m_settleTimer.start(settleDelay);
    });
    connect(&m_context.session, &api::Session::resyncNeeded, this, &Follower::fetchDetail);
}

void Follower::start()
{
    if (m_settings.form != Form::Transcript)
        return m_log->start();
    // The steps first, so that the first lines know whose they are; the log begins with the answer.
    m_context.session.start();
    fetchDetail();
}

void Follower::takeEvents(const QList<protocol::SseEvent> &events)
{
    if (std::exchange(m_isLost, false))
        m_context.output.note(u"connected again"_s);
    for (const protocol::SseEvent &event : events)
        takeEvent(event);
    flush();
    if (m_settleTimer.isActive())
        m_settleTimer.start(settleDelay);
    if (m_end && m_held.isEmpty())
        fetchDetail();
}

void Follower::takeEvent(const protocol::SseEvent &event)
{
    if (m_settings.form == Form::Json)
        m_out += event.data + '\n';
    if (event.event == protocol::endEventName)
        return takeEnd(event);
    if (event.event == protocol::gapEventName) {
        m_expectedOffset = -1;
        m_context.output.note(u"the master lost part of this log in a crash; it goes on from an earlier place"_s);
        return;
    }
    if (const auto line = protocol::logLineFromJson(event.data))
        takeLine(*line);
    else
        m_context.output.note(line.error().message);
}

void Follower::takeLine(const protocol::LogLine &line)
{
    if (m_expectedOffset == line.offset) {
        m_hash.add(line.bytes);
        m_hash.add("\n");
        m_expectedOffset += line.stored();
    } else {
        m_expectedOffset = -1;
    }
    if (m_settings.form == Form::Raw)
        return printRaw(line);
    if (m_settings.form == Form::Json)
        return;
    if (m_held.isEmpty() && m_transcript.knows(line.step)) {
        m_transcript.line(line);
        return;
    }
    m_held.append(line);
    m_log->setPaused(true);
    fetchDetail();
}

void Follower::printRaw(const protocol::LogLine &line)
{
    const Transcript::Settings &wanted = m_settings.transcript;
    if (!wanted.step && !wanted.stream) {
        m_out += line.bytes + '\n';
        return;
    }
    const bool isWanted =
        (!wanted.step || *wanted.step == line.step) && (!wanted.stream || *wanted.stream == line.stream);
    if (isWanted && line.stream != LogStream::System)
        m_out += line.printed();
}

void Follower::takeEnd(const protocol::SseEvent &event)
{
    const auto end = protocol::logEndFromJson(QJsonDocument::fromJson(event.data).object());
    if (!end)
        return finish(std::unexpected(end.error()));
    m_end = *end;
    checkLog(*end);
}

void Follower::checkLog(const protocol::LogEnd &end)
{
    if (m_expectedOffset < 0 || end.sha256.isEmpty())
        return;
    if (m_expectedOffset != end.bytes || m_hash.finishHex() != end.sha256)
        finish(
            fail(ErrorCode::DataLoss, u"the log of job %1 is not what the master's digest says"_s.arg(m_job.value())));
}

void Follower::fetchDetail()
{
    if (std::exchange(m_isFetching, true) || m_isDone)
        return;
    m_retryTimer.stop();
    m_context.client().job(m_job, this, [this](const Result<protocol::JobDetail> &detail) {
        m_isFetching = false;
        takeDetail(detail);
    });
}

void Follower::takeDetail(const Result<protocol::JobDetail> &detail)
{
    if (m_isDone)
        return;
    if (!detail) {
        // A master that is away comes back; what it refuses, it will refuse again.
        if (exitCodeOf(detail.error()) == ExitCode::Usage)
            return finish(std::unexpected(detail.error()));
        m_retryTimer.start(retryDelay);
        return;
    }
    if (!std::exchange(m_detail, *detail) && m_settings.form == Form::Transcript)
        m_log->start();
    for (const Step &step : detail->steps)
        m_transcript.update(step);
    printHeld();
    const bool isWhole = m_end && isFinal(detail->job.state);
    if (isWhole)
        return finish(*m_detail);
    if (m_end)
        m_retryTimer.start(retryDelay);
    else
        m_settleTimer.start(settleDelay);
}

void Follower::printHeld()
{
    for (const protocol::LogLine &line : std::exchange(m_held, {})) {
        // A step that even the master does not know: its lines are shown all the same.
        m_transcript.line(line);
    }
    m_log->setPaused(false);
    flush();
    if (m_isAtHead)
        takeState(m_log->state());
}

void Follower::takeState(api::EventStream::State state)
{
    m_isAtHead = state == api::EventStream::State::Live && m_settings.until == Until::Head;
    if (m_isAtHead && m_held.isEmpty())
        finish(m_detail.value_or(protocol::JobDetail()));
    else if (state == api::EventStream::State::Ended && !m_end)
        finish(fail(ErrorCode::Protocol, u"the log of job %1 ended without its end event"_s.arg(m_job.value())));
}

void Follower::settle()
{
    if (m_log->state() != api::EventStream::State::Live)
        return m_settleTimer.start(settleDelay);
    m_transcript.settle();
    flush();
}

void Follower::flush()
{
    m_out += m_transcript.take();
    if (!m_out.isEmpty() && !m_isDone)
        m_context.output.writeOut(m_out);
    m_out.clear();
}

void Follower::finish(Result<protocol::JobDetail> detail)
{
    if (m_isDone)
        return;
    if (m_settings.form == Form::Transcript && m_settings.until == Until::End)
        m_transcript.settle();
    flush();
    m_isDone = true;
    m_log->stop();
    m_context.session.stop();
    emit finished(detail);
}

} // namespace danube::cli
