// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/triggers/cronservice.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::triggers {
namespace {

Q_LOGGING_CATEGORY(triggersLog, "danube.triggers")

bool mayPass(ErrorCode code)
{
    return code == ErrorCode::Unavailable || code == ErrorCode::ResourceExhausted || code == ErrorCode::Io ||
           code == ErrorCode::Timeout;
}

QString shownBranch(const QString &branch)
{
    return branch.isEmpty() ? u"(default)"_s : branch;
}

} // namespace

CronService::CronService(jobs::Engine &engine, store::Store &store, const Clock &clock, Settings settings)
    : m_engine(engine), m_store(store), m_clock(clock), m_settings(settings)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &CronService::look);
}

CronService::~CronService() = default;

Result<void> CronService::start()
{
    const auto marks = m_store.cronMarks();
    if (!marks)
        return std::unexpected(marks.error().in(u"cron triggers"_s));
    for (const store::CronMark &mark : *marks)
        m_marks[{mark.pipeline, mark.schedule, mark.branch}] = mark.until;
    m_isRunning = true;
    m_lastLook = m_clock.wall();
    rebuild();
    return {};
}

void CronService::stop()
{
    m_isRunning = false;
    m_timer.stop();
}

void CronService::follow(const QList<blueprint::PipelineDocument> &pipelines)
{
    m_triggers.emplace();
    for (const blueprint::PipelineDocument &document : pipelines)
        m_triggers->insert(document.pipeline.name, document.triggers);
    if (m_isRunning)
        rebuild();
}

void CronService::rebuild()
{
    if (!m_triggers)
        return;
    std::map<Key, Entry> entries;
    for (const auto &[pipeline, triggers] : m_triggers->asKeyValueRange()) {
        for (const blueprint::Trigger &trigger : triggers) {
            // The validator has refused what cannot be read.
            const auto schedule = blueprint::CronSchedule::parse(trigger.schedule);
            if (trigger.on != blueprint::Trigger::On::Cron || !schedule)
                continue;
            for (const QString &branch : trigger.branches.isEmpty() ? QStringList{QString()} : trigger.branches) {
                const Key key{pipeline, trigger.schedule, branch};
                entries.insert_or_assign(key, entryFor(key, *schedule)).first->second.policy =
                    trigger.catchUp.value_or(blueprint::CatchUp::Last);
            }
        }
    }
    m_entries = std::move(entries);
    dropOldMarks();
    qCInfo(triggersLog).noquote() << u"cron-schedules count=%1"_s.arg(m_entries.size());
    arm();
}

CronService::Entry CronService::entryFor(const Key &key, const blueprint::CronSchedule &schedule)
{
    if (const auto known = m_entries.find(key); known != m_entries.end())
        return known->second;
    const WallTime now = m_clock.wall();
    const auto mark = m_marks.find(key);
    if (mark == m_marks.end())
        saveMark(key, now);
    // A mark of the future was written by a clock that was set back since.
    const WallTime until = mark == m_marks.end() ? now : std::min(mark->second, now);
    return {.schedule = schedule, .until = until, .next = schedule.next(until), .notBefore = {}, .refusal = {}};
}

// A schedule that went and comes back is a new one.
void CronService::dropOldMarks()
{
    std::erase_if(m_marks, [this](const auto &mark) {
        const auto &[key, until] = mark;
        if (m_entries.contains(key))
            return false;
        m_store.removeCronMark({key.pipeline, key.schedule, key.branch, until}, this, [](const Result<void> &removed) {
            if (!removed)
                qCWarning(triggersLog).noquote()
                    << u"cron-mark not removed error=\"%1\""_s.arg(removed.error().message);
        });
        return true;
    });
}

void CronService::look()
{
    if (!m_isRunning)
        return;
    const WallTime now = m_clock.wall();
    if (now < m_lastLook)
        rewind(now);
    m_lastLook = now;
    for (auto &[key, entry] : m_entries) {
        const bool isDue = entry.next && *entry.next <= now;
        if (isDue && !entry.isBusy && m_clock.steady() >= entry.notBefore)
            begin(key, entry, now);
    }
    arm();
}

void CronService::rewind(WallTime now)
{
    qCWarning(triggersLog).noquote() << u"clock set back from=%1 to=%2"_s.arg(toRfc3339(m_lastLook), toRfc3339(now));
    for (auto &[key, entry] : m_entries) {
        if (entry.until <= now)
            continue;
        entry.until = now;
        entry.next = entry.schedule.next(now);
    }
}

void CronService::begin(const Key &key, Entry &entry, WallTime now)
{
    const CronDecision decision = decide(entry.schedule, entry.policy, entry.until, now);
    if (decision.givesUp)
        qCWarning(triggersLog).noquote()
            << u"cron-missed pipeline=%1 schedule=\"%2\" branch=%3 since=%4 catch_up=%5 now=%6"_s.arg(
                   key.pipeline, key.schedule, shownBranch(key.branch), toRfc3339(entry.until), toText(entry.policy),
                   toRfc3339(now));
    if (decision.due.isEmpty())
        return advance(key, entry, now);
    entry.isBusy = true;
    const WallTime due = decision.due.first();
    const jobs::TriggerRequest request{.pipeline = key.pipeline,
                                       .ref = key.branch,
                                       .params = {},
                                       .principal = {.kind = Principal::Kind::Master, .name = u"cron"_s},
                                       .type = u"cron"_s,
                                       .triggerRef = u"%1, due %2"_s.arg(key.schedule, toRfc3339(due)),
                                       // Neither pipelines nor branches have a colon in their names.
                                       .triggerKey = u"cron:%1:%2:%3"_s.arg(key.pipeline, key.branch, toRfc3339(due))};
    m_engine.trigger(request, this, [this, key, due](const Result<Job> &job) { finish(key, due, job); });
}

void CronService::finish(const Key &key, WallTime due, const Result<Job> &job)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
        return; // the trigger went from the configuration meanwhile
    Entry &entry = found->second;
    entry.isBusy = false;
    if (!job && job.error().code != ErrorCode::AlreadyExists) {
        refuse(key, entry, due, job.error());
        return arm();
    }
    qCInfo(triggersLog).noquote() << u"cron-%1 pipeline=%2 schedule=\"%3\" branch=%4 due=%5 job=%6"_s.arg(
        job ? u"run"_s : u"was-run-already"_s, key.pipeline, key.schedule, shownBranch(key.branch), toRfc3339(due),
        job ? job->id.value() : u"-"_s);
    entry.refusal.clear();
    advance(key, entry, due);
    arm();
}

void CronService::refuse(const Key &key, Entry &entry, WallTime due, const Error &error)
{
    const bool isKnown = entry.refusal == error.message;
    entry.refusal = error.message;
    if (!isKnown)
        qCWarning(triggersLog).noquote()
            << u"cron-refused pipeline=%1 schedule=\"%2\" branch=%3 due=%4 error=\"%5\""_s.arg(
                   key.pipeline, key.schedule, shownBranch(key.branch), toRfc3339(due), error.message);
    if (mayPass(error.code))
        entry.notBefore = m_clock.steady() + m_settings.retryAfter;
    else
        advance(key, entry, due);
}

void CronService::advance(const Key &key, Entry &entry, WallTime until)
{
    entry.until = until;
    entry.next = entry.schedule.next(until);
    saveMark(key, until);
}

// A mark that is lost costs one question: the trigger key still stands.
void CronService::saveMark(const Key &key, WallTime until)
{
    m_marks[key] = until;
    m_store.saveCronMark({key.pipeline, key.schedule, key.branch, until}, this, [key](const Result<void> &saved) {
        if (!saved)
            qCWarning(triggersLog).noquote() << u"cron-mark not saved pipeline=%1 schedule=\"%2\" error=\"%3\""_s.arg(
                key.pipeline, key.schedule, saved.error().message);
    });
}

void CronService::arm()
{
    if (!m_isRunning || m_entries.empty())
        return m_timer.stop();
    const WallTime now = m_clock.wall();
    const SteadyTime steady = m_clock.steady();
    milliseconds sleep = m_settings.longestSleep;
    for (const auto &[key, entry] : m_entries) {
        if (entry.isBusy || !entry.next)
            continue;
        const auto wait = std::chrono::ceil<milliseconds>(entry.notBefore - steady);
        sleep = std::min(sleep, std::max(*entry.next - now, wait));
    }
    m_timer.start(std::max(sleep, milliseconds(1)));
}

QJsonObject CronService::describe(const QString &pipeline, const blueprint::Trigger &trigger) const
{
    QJsonObject object{{u"on"_s, toText(trigger.on)}, {u"branches"_s, QJsonArray::fromStringList(trigger.branches)}};
    if (trigger.on != blueprint::Trigger::On::Cron) {
        object.insert(u"active"_s, false);
        object.insert(u"reason"_s, u"this danube-master takes no webhooks in"_s);
        return object;
    }
    object.insert(u"schedule"_s, trigger.schedule);
    object.insert(u"catch_up"_s, toText(trigger.catchUp.value_or(blueprint::CatchUp::Last)));
    const auto found = m_entries.lower_bound({pipeline, trigger.schedule, {}});
    const bool isActive = m_isRunning && found != m_entries.end() && found->first.pipeline == pipeline &&
                          found->first.schedule == trigger.schedule;
    object.insert(u"active"_s, isActive);
    if (!isActive)
        return object;
    if (const auto next = found->second.schedule.next(m_clock.wall()))
        object.insert(u"next_run"_s, toRfc3339(*next));
    for (auto entry = found; entry != m_entries.end() && entry->first.pipeline == pipeline; ++entry) {
        if (entry->first.schedule == trigger.schedule && !entry->second.refusal.isEmpty())
            object.insert(u"refused"_s, entry->second.refusal);
    }
    return object;
}

QJsonArray CronService::triggersOf(const QString &pipeline) const
{
    QJsonArray array;
    if (!m_triggers)
        return array;
    const auto triggers = m_triggers->value(pipeline);
    for (const blueprint::Trigger &trigger : triggers)
        array.append(describe(pipeline, trigger));
    return array;
}

} // namespace danube::triggers
