// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/retention/retentionservice.h"

#include <QLoggingCategory>
#include <QPointer>

#include <ctime>

using namespace Qt::StringLiterals;

namespace danube::retention {
namespace {

Q_LOGGING_CATEGORY(lcRetention, "danube.retention")

} // namespace

milliseconds RetentionService::Settings::sinceBoot()
{
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time); // CLOCK_MONOTONIC, as steady_clock is, stands still while a machine sleeps
    return std::chrono::duration_cast<milliseconds>(seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

RetentionService::RetentionService(Services services, Settings settings)
    : m_services(std::move(services)), m_settings(std::move(settings)), m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RetentionService::runByItself);
}

void RetentionService::start()
{
    jumpSinceLast(); // from here on
    m_timer.start(m_settings.firstRun);
}

/// How far the clock ran ahead of (or behind) time that passed, since this was last asked.
milliseconds RetentionService::jumpSinceLast()
{
    const WallTime wall = m_services.clock.wall();
    const milliseconds now = m_settings.passed();
    const milliseconds passed = now - std::exchange(m_lastPassed, now);
    return std::chrono::duration_cast<milliseconds>(wall - std::exchange(m_lastWall, wall)) - passed;
}

void RetentionService::runByItself()
{
    m_timer.start(m_settings.interval);
    if (const milliseconds jump = jumpSinceLast(); std::chrono::abs(jump) > m_settings.largestJump) {
        qCWarning(lcRetention).noquote() << u"run-postponed jump_ms=%1 reason=\"the clock was set\""_s.arg(
            jump.count());
        emit postponed(jump);
        return;
    }
    run(this, [this](const Result<RetentionPlan> &result) {
        if (!result)
            qCWarning(lcRetention).noquote() << u"run-failed error=\"%1\""_s.arg(result.error().message);
        else if (result->artifacts.size() >= m_settings.artifactsPerRun)
            m_timer.start(m_settings.soonAgain);
    });
}

void RetentionService::plan(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done)
{
    const blueprint::Retention rules = m_services.rules();
    const WallTime now = m_services.clock.wall();
    const auto limit = limitOf(rules.artifacts, now);
    auto old = limit ? m_services.store.artifactsBefore(*limit, m_settings.artifactsPerRun)
                     : Result<QList<Artifact>>(QList<Artifact>());
    if (!old)
        return done(std::unexpected(old.error()));
    m_services.keeper.list(context, [rules, now, artifacts = std::move(*old),
                                     done = std::move(done)](QList<logs::FinishedLog> logs) mutable {
        done(planRetention(rules, std::move(logs), std::move(artifacts), now));
    });
}

void RetentionService::run(QObject *context, std::move_only_function<void(Result<RetentionPlan>)> done)
{
    if (m_running)
        return done(fail(ErrorCode::Conflict, u"the retention is running already"_s));
    m_running = RetentionPlan();
    m_rowsRemoved = {};
    m_done = [context = QPointer(context), done = std::move(done)](Result<RetentionPlan> result) mutable {
        if (context)
            done(std::move(result));
    };
    plan(this, [this](Result<RetentionPlan> plan) {
        if (!plan)
            return finish(std::unexpected(plan.error()));
        m_running = std::move(*plan);
        removeRows(*m_running);
    });
}

void RetentionService::removeRows(const RetentionPlan &plan)
{
    if (plan.artifacts.isEmpty())
        return removeLogs(0);
    QList<ArtifactId> ids;
    for (const Artifact &artifact : plan.artifacts)
        ids.append(artifact.id);
    m_services.store.removeArtifacts(ids, this, [this](const Result<void> &removed) {
        m_rowsRemoved = removed;
        if (removed) {
            for (const Artifact &artifact : std::as_const(m_running->artifacts))
                m_services.artifacts.removeFile(artifact);
        }
        removeLogs(0); // these need no rows
    });
}

void RetentionService::removeLogs(qsizetype from)
{
    if (from == m_running->logs.size())
        return finish(m_rowsRemoved);
    m_services.keeper.remove(m_running->logs[from].job, this, [this, from](const Result<void> &removed) {
        if (!removed)
            qCWarning(lcRetention).noquote() << u"log-not-removed job=%1 error=\"%2\""_s.arg(
                m_running->logs[from].job.value(), removed.error().message);
        removeLogs(from + 1);
    });
}

void RetentionService::finish(Result<void> result)
{
    const RetentionPlan plan = *std::exchange(m_running, std::nullopt);
    if (result && !plan.isEmpty())
        qCInfo(lcRetention).noquote() << u"removed logs=%1 artifacts=%2 bytes=%3"_s.arg(plan.logs.size())
                                             .arg(plan.artifacts.size())
                                             .arg(plan.bytes());
    std::exchange(m_done, nullptr)(result.transform([&] { return plan; }));
}

} // namespace danube::retention
