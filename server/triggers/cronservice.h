// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/engine.h"
#include "server/store/store.h"
#include "server/triggers/cronplan.h"

namespace danube::triggers {

/// Starts the jobs of cron triggers, in UTC. One run for each pipeline, branch and due time, for all time: the due time
/// is the job's trigger key, which the store takes once. Up to where a schedule's due times were decided on is a mark
/// in the store, moved after the job's row is durable: a master that is killed in between asks again and is told that
/// the job exists. A new schedule begins now. What was missed goes by its policy (cronplan.h).
///
/// What the engine cannot take now (queue full, disk full) is tried again until it is superseded; what it refuses for
/// good is given up with a warning. Control thread; the references outlive the service.
class CronService : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        milliseconds longestSleep{30'000}; ///< then the clock is looked at again: it may have been set
        milliseconds retryAfter{30'000};   ///< a run that was refused for the time being
    };
    CronService(jobs::Engine &engine, store::Store &store, const Clock &clock, Settings settings);
    ~CronService() override;

    /// The triggers of the configuration in force; before start() they are only remembered.
    void follow(const QList<blueprint::PipelineDocument> &pipelines);
    /// After Engine::recover(). Reads the marks and begins with what was missed.
    Result<void> start();
    void stop(); ///< no further runs
    /// Starts what is due; the timer does so by itself.
    void look();

    /// For REST: each trigger as {on, branches, active, reason?} and for cron also {schedule, catch_up, next_run?,
    /// refused?}, in the order of the document.
    QJsonArray triggersOf(const QString &pipeline) const;

private:
    struct Key
    {
        QString pipeline;
        QString schedule;
        QString branch; ///< empty = the default branch
        auto operator<=>(const Key &) const = default;
    };
    struct Entry
    {
        blueprint::CronSchedule schedule;
        blueprint::CatchUp policy = blueprint::CatchUp::Last;
        WallTime until{};             ///< as in the mark
        std::optional<WallTime> next; ///< first due time after it
        bool isBusy = false;          ///< a run was asked for
        SteadyTime notBefore{};
        QString refusal; ///< of the last run, if it was refused
    };
    void rebuild();
    Entry entryFor(const Key &key, const blueprint::CronSchedule &schedule);
    void dropOldMarks();
    void rewind(WallTime now);
    void begin(const Key &key, Entry &entry, WallTime now);
    void finish(const Key &key, WallTime due, const Result<Job> &job);
    void refuse(const Key &key, Entry &entry, WallTime due, const Error &error);
    void advance(const Key &key, Entry &entry, WallTime until);
    void saveMark(const Key &key, WallTime until);
    void arm();
    QJsonObject describe(const QString &pipeline, const blueprint::Trigger &trigger) const;

    jobs::Engine &m_engine;
    store::Store &m_store;
    const Clock &m_clock;
    const Settings m_settings;
    QTimer m_timer{this};
    std::optional<QMap<QString, QList<blueprint::Trigger>>> m_triggers; ///< by pipeline; none: nothing to follow yet
    std::map<Key, WallTime> m_marks;                                    ///< as in the store, writes under way included
    std::map<Key, Entry> m_entries;
    WallTime m_lastLook{};
    bool m_isRunning = false;
};

} // namespace danube::triggers
