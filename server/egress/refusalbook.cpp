// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/refusalbook.h"

#include <algorithm>

namespace danube::egress {
namespace {

void insertStep(QList<StepNumber> &steps, StepNumber step)
{
    const auto place = std::ranges::lower_bound(steps, step);
    const bool isThere = place != steps.end() && *place == step;
    if (!isThere && steps.size() < EgressRefusal::maxSteps)
        steps.insert(place, step);
}

} // namespace

QList<StepNumber> stepsAt(const QList<Step> &steps, WallTime time)
{
    QList<StepNumber> running;
    for (const Step &step : steps) {
        const bool hasBegun = step.startedAt != WallTime{} && step.startedAt <= time;
        const bool isOver = step.finishedAt != WallTime{} && step.finishedAt < time;
        if (hasBegun && !isOver)
            running.append(step.number);
    }
    return running;
}

RefusalBook::Place RefusalBook::placeOf(const EgressRefusal &refusal)
{
    return {refusal.kind, refusal.host, refusal.port, refusal.protocol};
}

bool RefusalBook::open(const JobId &job, const QString &pipeline, const QList<EgressRefusal> &stored)
{
    if (m_jobs.contains(job))
        return true;
    if (m_jobs.size() >= maxJobs)
        evict();
    if (m_jobs.size() >= maxJobs)
        return false;
    Entry &entry = m_jobs[job];
    entry.pipeline = pipeline;
    entry.touched = ++m_turn;
    for (const EgressRefusal &refusal : stored)
        entry.rows.insert(placeOf(refusal), {refusal, refusal.last});
    return true;
}

void RefusalBook::learn(const JobId &job, const DnsRecord &answer)
{
    const auto found = m_jobs.find(job);
    if (found == m_jobs.end() || !answer.isAnswer || answer.query.isEmpty())
        return;
    for (const QString &address : answer.addresses) {
        if (found->names.size() < maxNames || found->names.contains(address))
            found->names.insert(address, answer.query);
    }
}

Attempt RefusalBook::named(Attempt attempt) const
{
    const auto found = m_jobs.constFind(attempt.job);
    if (found == m_jobs.cend() || attempt.isQuery())
        return attempt;
    const QString name = found->names.value(attempt.address);
    if (!name.isEmpty()) {
        attempt.names.removeAll(name);
        attempt.names.prepend(name);
    }
    return attempt;
}

RefusalBook::Row &RefusalBook::rowFor(Entry &entry, const Attempt &attempt, RefusalKind kind)
{
    const Place place{kind, attempt.host(), attempt.port, attempt.protocol};
    const Place others{kind, otherHosts, 0, QString()};
    const bool isFull = !entry.rows.contains(place) && entry.rows.size() >= maxPlaces;
    const auto &[rowKind, host, port, protocol] = isFull ? others : place;
    Row &row = entry.rows[isFull ? others : place];
    if (row.refusal.job.isEmpty())
        row.refusal = {.job = attempt.job,
                       .pipeline = entry.pipeline,
                       .kind = rowKind,
                       .host = host,
                       .port = port,
                       .protocol = protocol,
                       .first = attempt.time,
                       .last = attempt.time,
                       .count = 0,
                       .steps = {},
                       .candidates = {}};
    return row;
}

RefusalBook::Change RefusalBook::add(const Attempt &attempt, RefusalKind kind, const QList<StepNumber> &running)
{
    const auto found = m_jobs.find(attempt.job);
    if (found == m_jobs.end())
        return Change::Known;
    Row &row = rowFor(*found, attempt, kind);
    EgressRefusal &refusal = row.refusal;
    if (attempt.time <= row.storedUntil)
        return Change::Known;
    found->touched = ++m_turn;
    refusal.first = std::min(refusal.first, attempt.time);
    refusal.last = std::max(refusal.last, attempt.time);
    ++refusal.count;
    for (const StepNumber step : running)
        insertStep(running.size() == 1 ? refusal.steps : refusal.candidates, step);
    m_changed.insert({attempt.job, placeOf(refusal)});
    return refusal.count == 1 ? Change::FirstOfItsPlace : Change::Counted;
}

QList<EgressRefusal> RefusalBook::takeChanged(qsizetype limit)
{
    QList<EgressRefusal> changed;
    while (!m_changed.empty() && changed.size() < limit) {
        const auto [job, place] = *m_changed.begin();
        m_changed.erase(m_changed.begin());
        changed.append(m_jobs.value(job).rows.value(place).refusal);
    }
    return changed;
}

void RefusalBook::giveBack(const QList<EgressRefusal> &refusals)
{
    for (const EgressRefusal &refusal : refusals) {
        if (m_jobs.contains(refusal.job))
            m_changed.insert({refusal.job, placeOf(refusal)});
    }
}

QList<EgressRefusal> RefusalBook::refusals(const JobId &job) const
{
    QList<EgressRefusal> refusals;
    for (const Row &row : m_jobs.value(job).rows)
        refusals.append(row.refusal);
    std::ranges::stable_sort(refusals, {}, &EgressRefusal::first);
    return refusals;
}

// A tenth at once, so that a flood of jobs does not search for the oldest at each. Only what is stored may go.
void RefusalBook::evict()
{
    std::set<JobId> unsaved;
    for (const auto &[job, place] : m_changed)
        unsaved.insert(job);
    QList<std::pair<quint64, JobId>> ages;
    for (const auto &[job, entry] : m_jobs.asKeyValueRange()) {
        if (!unsaved.contains(job))
            ages.append({entry.touched, job});
    }
    std::ranges::sort(ages);
    for (const auto &[touched, job] : std::as_const(ages).first(std::min(ages.size(), maxJobs / 10)))
        m_jobs.remove(job);
}

} // namespace danube::egress
