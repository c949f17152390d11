// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/link/containerlink.h"

#include "server/executors/link/stepfile.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::link {
namespace {

Q_LOGGING_CATEGORY(linkLog, "danube.link")

constexpr quint64 creditWindow = 4 << 20; ///< bytes of one step under way to the log at most
constexpr qint64 readSize = 1 << 20;
constexpr qint64 mostUnsent = 2 << 20; ///< bytes given to the device that it has not sent yet
constexpr milliseconds tickInterval{500};

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

LogStream logStream(OutputStream stream)
{
    return stream == OutputStream::Stderr ? LogStream::Stderr : LogStream::Stdout;
}

} // namespace

ContainerLink::ContainerLink(Settings settings, QObject *parent) : QObject(parent), m_settings(std::move(settings))
{
    m_tick.setInterval(tickInterval);
    connect(&m_tick, &QTimer::timeout, this, &ContainerLink::onTick);
    connect(m_settings.logs, &logs::LogService::synced, this, &ContainerLink::onSynced, Qt::DirectConnection);
    m_tick.start();
}

ContainerLink::~ContainerLink()
{
    if (m_device)
        m_device->disconnect(this);
}

void ContainerLink::attach(QIODevice *device, KeyHandover handover)
{
    if (m_device) {
        m_device->disconnect(this);
        m_device->deleteLater();
    }
    device->setParent(this);
    m_device = device;
    m_client = std::make_unique<LinkClient>(m_settings.key, handover);
    m_unsent.clear();
    m_known.clear();
    for (auto &[number, step] : m_steps)
        step.startSent = false;
    m_attachedAt = m_lastRead = m_lastPing = steadyNow();
    connect(device, &QIODevice::readyRead, this, &ContainerLink::read);
    connect(device, &QIODevice::bytesWritten, this, &ContainerLink::flush);
    read();
}

void ContainerLink::read()
{
    const LinkClient *client = m_client.get(); // a handler may end this connection, and another may have come
    while (m_device && m_client && !m_client->isBroken()) {
        const QByteArray bytes = m_device->read(readSize);
        if (bytes.isEmpty())
            break;
        m_lastRead = steadyNow();
        for (const LinkEvent &event : m_client->feed(bytes)) {
            std::visit([this](const auto &e) { handle(e); }, event);
            if (m_client.get() != client)
                return;
        }
        flush();
    }
    flush();
}

void ContainerLink::flush()
{
    if (!m_device || !m_client)
        return;
    // Commands of many steps at once are more than a device takes. Not one byte may be missing between two frames.
    m_unsent += m_client->takeOutput();
    const qint64 room = mostUnsent - m_device->bytesToWrite();
    const QByteArray piece = m_unsent.first(std::clamp<qint64>(room, 0, m_unsent.size()));
    m_unsent.remove(0, piece.size());
    QIODevice *device = m_device;
    if (!piece.isEmpty() && device->write(piece) != piece.size())
        breakConnection(Error{ErrorCode::Unavailable, device->errorString()});
}

void ContainerLink::connectionEnded(const QString &reason)
{
    if (!m_device)
        return;
    read(); // what arrived before the end still counts
    breakConnection(Error{ErrorCode::Unavailable, reason});
}

void ContainerLink::breakConnection(const Error &error)
{
    QIODevice *device = std::exchange(m_device, nullptr); // closing it tells its owner, who comes back here
    if (!device)
        return;
    m_client.reset();
    m_unsent.clear();
    device->disconnect(this);
    device->close();
    device->deleteLater();
    qCDebug(linkLog).noquote() << u"link broken job=%1 reason=\"%2\""_s.arg(m_settings.job.value(), error.message);
    emit broken(error);
}

void ContainerLink::onTick()
{
    for (auto &[number, step] : m_steps) {
        if (step.ending && !step.finished)
            settle(number, step);
    }
    if (!m_device)
        return;
    const auto now = steadyNow();
    if (!isUp() && now - m_attachedAt > m_settings.handshakeLimit)
        return breakConnection(Error{ErrorCode::Timeout, u"the agent did not answer"_s});
    if (now - m_lastRead > seconds(agent::silenceLimitSeconds))
        return breakConnection(Error{ErrorCode::Timeout, u"the agent has been silent for too long"_s});
    if (isUp() && now - m_lastPing >= seconds(agent::pingIntervalSeconds)) {
        m_lastPing = now;
        m_client->ping();
    }
    flush();
}

void ContainerLink::onSynced(const JobId &job)
{
    logs::LogWriter *writer = job == m_settings.job && isUp() ? m_settings.logs->writer(job) : nullptr;
    if (!writer)
        return;
    for (const auto &[number, step] : m_steps) {
        const auto durable = writer->durable(number);
        if (!step.finished && m_known.contains(number))
            m_client->acknowledge(number, {durable.standardOutput, durable.standardError});
    }
    flush();
}

void ContainerLink::start(StepNumber number, std::optional<StepSpec> spec)
{
    Step &step = m_steps[number];
    if (spec)
        step.spec = std::move(spec);
    if (step.finished) {
        emit stepFinished(number, *step.ending);
        return;
    }
    if (isUp())
        request(number, step);
    flush();
}

void ContainerLink::kill(StepNumber number, KillCause cause, milliseconds grace)
{
    const auto found = m_steps.find(number);
    if (found == m_steps.end() || found->second.finished)
        return;
    found->second.kill = {cause, grace};
    if (isUp() && (m_known.contains(number) || found->second.startSent))
        m_client->kill(number, cause, grace);
    else if (isUp())
        finishUnstarted(number, cause);
    flush();
}

void ContainerLink::shutdown(milliseconds grace)
{
    m_shutdown = grace;
    if (isUp())
        m_client->shutdown(grace);
    flush();
}

StreamPoint ContainerLink::pointOf(StepNumber number, Step &step)
{
    StreamPoint point;
    if (const logs::LogWriter *writer = m_settings.logs->writer(m_settings.job)) {
        const auto accepted = writer->accepted(number);
        point.offsets = {accepted.standardOutput, accepted.standardError};
    }
    point.creditLimit = point.offsets.standardOutput + point.offsets.standardError + creditWindow;
    step.creditLimit = point.creditLimit;
    return point;
}

void ContainerLink::request(StepNumber number, Step &step)
{
    if (step.ending)
        return;
    if (m_known.contains(number)) {
        m_client->resume(number, pointOf(number, step));
        reportStarted(number, step);
    } else if (step.spec && step.kill && !step.startSent) {
        // A START that went with a former connection cannot arrive any more.
        return finishUnstarted(number, step.kill->first);
    } else if (step.spec) {
        const auto started = m_client->start(number, *step.spec, pointOf(number, step));
        if (!started)
            return finish(number, StepOutcome{.message = started.error().message});
        step.startSent = true;
    } else {
        return finish(number, StepOutcome{.message = u"it was never started"_s});
    }
    if (step.kill)
        m_client->kill(number, step.kill->first, step.kill->second);
}

void ContainerLink::reportStarted(StepNumber number, Step &step)
{
    if (!std::exchange(step.startReported, true))
        emit stepStarted(number);
}

void ContainerLink::handle(const Ready &event)
{
    for (const KnownStep &known : event.steps)
        m_known[known.step] = known.produced;
    if (m_shutdown) {
        m_client->shutdown(*m_shutdown);
    } else {
        for (auto &[number, step] : m_steps) {
            if (!step.finished)
                request(number, step);
        }
    }
    flush();
    if (isUp())
        emit ready();
}

void ContainerLink::handle(const StepStarted &event)
{
    m_known.try_emplace(event.step);
    if (const auto found = m_steps.find(event.step); found != m_steps.end())
        reportStarted(event.step, found->second);
}

void ContainerLink::handle(const StepOutput &event)
{
    logs::LogWriter *writer = m_settings.logs->writer(m_settings.job);
    const auto found = m_steps.find(event.step);
    if (!writer || found == m_steps.end())
        return;
    if (auto written = writer->append(event.step, logStream(event.stream), event.offset, event.bytes, event.time);
        !written) {
        if (!std::exchange(m_isLogRefusing, true))
            qCWarning(linkLog).noquote() << u"log not written job=%1 error=\"%2\""_s.arg(m_settings.job.value(),
                                                                                         written.error().message);
        return breakConnection(written.error());
    }
    m_isLogRefusing = false;
    Step &step = found->second;
    const auto accepted = writer->accepted(event.step);
    const quint64 total = accepted.standardOutput + accepted.standardError;
    if (step.creditLimit < total + creditWindow / 2) {
        step.creditLimit = total + creditWindow;
        m_client->credit(event.step, step.creditLimit);
    }
}

void ContainerLink::handle(const StepExited &event)
{
    finish(event.step, toOutcome(event.record));
}

void ContainerLink::handle(const StepFailed &event)
{
    switch (event.code) {
    case FailureCode::SpoolBlocked:
        m_settings.logs->note(m_settings.job, event.step, u"the step waits: its agent's disk takes no more output"_s);
        return;
    case FailureCode::TooManySteps:
    case FailureCode::StartFailed: {
        // Not started: asked again until the job's own deadline ends it.
        const StepNumber number = event.step;
        const auto refused = m_steps.find(number);
        if (refused == m_steps.end())
            return;
        refused->second.startSent = false;
        if (refused->second.kill)
            return finishUnstarted(number, refused->second.kill->first);
        QTimer::singleShot(1000, this, [this, number] {
            const auto found = m_steps.find(number);
            if (found != m_steps.end() && !found->second.finished && isUp() && !m_known.contains(number))
                request(number, found->second);
            flush();
        });
        return;
    }
    default:
        finish(event.step, StepOutcome{.message = event.text});
    }
}

void ContainerLink::handle(const Pong &) {}

void ContainerLink::handle(const LinkBroken &event)
{
    qCWarning(linkLog).noquote() << u"link refused job=%1 error=\"%2\""_s.arg(m_settings.job.value(),
                                                                              event.error.message);
    breakConnection(event.error);
}

void ContainerLink::finish(StepNumber number, const StepOutcome &outcome)
{
    const auto found = m_steps.find(number);
    if (m_shutdown || found == m_steps.end() || found->second.finished || found->second.ending)
        return;
    found->second.ending = outcome;
    settle(number, found->second);
}

void ContainerLink::finishUnstarted(StepNumber number, KillCause cause)
{
    finish(number, StepOutcome{.kind = cause == KillCause::Timeout ? OutcomeKind::Timeout : OutcomeKind::Cancelled,
                               .message = u"it was not started yet"_s});
}

// An outcome is told only when everything the step printed is durable in the log; a full disk delays it.
bool ContainerLink::settle(StepNumber number, Step &step)
{
    logs::LogWriter *writer = m_settings.logs->writer(m_settings.job);
    if (writer) {
        const auto ended = writer->endStep(number).and_then([writer] { return writer->sync(); });
        if (!ended) {
            qCWarning(linkLog).noquote() << u"log not synced job=%1 error=\"%2\""_s.arg(m_settings.job.value(),
                                                                                        ended.error().message);
            return false;
        }
        // All of it: the agent needs its spool no longer.
        const auto durable = writer->durable(number);
        if (isUp() && m_known.contains(number))
            m_client->acknowledge(number, {durable.standardOutput, durable.standardError});
    }
    step.finished = true;
    emit stepFinished(number, *step.ending);
    return true;
}

void ContainerLink::agentDied(const QString &stepsDirectory, const QString &reason)
{
    std::vector<StepNumber> open;
    for (const auto &[number, step] : m_steps) {
        if (!step.finished && !step.ending)
            open.push_back(number);
    }
    const logs::LogWriter *writer = m_settings.logs->writer(m_settings.job);
    for (const StepNumber number : open) {
        StepOutcome outcome{.message = reason};
        QByteArray bytes;
        if (writer && !stepsDirectory.isEmpty())
            bytes = readStepFile(u"%1/%2"_s.arg(stepsDirectory).arg(toInt(number)), "exit", agent::maxExitRecord + 1,
                                 FilePart::Beginning);
        if (!bytes.isEmpty()) {
            const auto accepted = writer->accepted(number);
            const auto record = readExitRecordFile(bytes, m_settings.key, number);
            if (record && record->bytes[0] == accepted.standardOutput && record->bytes[1] == accepted.standardError)
                outcome = toOutcome(*record);
        }
        finish(number, outcome);
    }
}

} // namespace danube::link
