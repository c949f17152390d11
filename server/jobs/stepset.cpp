// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/stepset.h"

#include "server/jobs/stepcommand.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {

constexpr size_t maxSteps = 4000; // an agent keeps at most 4096
constexpr int maxUnfinished = 256;

StepSet::StepSet(const EngineServices &services, const EngineSettings &settings, JobId job)
    : m_services(services), m_settings(settings), m_job(std::move(job))
{}

void StepSet::restore(const QList<Step> &rows)
{
    for (const Step &row : rows)
        add(restored(row), {});
}

StepRun &StepSet::add(StepMachine machine, StepLaunch launch)
{
    const Step &row = machine.step;
    const StepNumber number = row.number;
    m_lastNumber = std::max(m_lastNumber, toInt(number));
    if (!row.request.isEmpty())
        m_requests.insert(row.request, number);
    auto step = std::make_unique<StepRun>(m_services, m_settings, std::move(machine), std::move(launch));
    connect(step.get(), &StepRun::changed, this, &StepSet::changed);
    connect(step.get(), &StepRun::settled, this, [this, number] {
        forgetIfRefused(number);
        emit settled();
    });
    return *(m_steps[number] = std::move(step));
}

StepRun *StepSet::find(StepNumber number) const
{
    const auto found = m_steps.find(number);
    return found == m_steps.end() ? nullptr : found->second.get();
}

// A step that never came to be leaves its request id free for the caller's next try.
void StepSet::forgetIfRefused(StepNumber number)
{
    const auto found = m_steps.find(number);
    if (found->second->machine().phase != StepPhase::Refused)
        return;
    m_requests.remove(found->second->row().request);
    found->second.release()->deleteLater(); // it is the one that speaks now
    m_steps.erase(found);
}

Result<void> StepSet::checkRoom() const
{
    const auto unfinished =
        std::ranges::count_if(m_steps, [](const auto &entry) { return isUnfinished(entry.second->machine()); });
    if (unfinished >= maxUnfinished)
        return fail(ErrorCode::ResourceExhausted,
                    u"job %1: %2 steps are running at once already"_s.arg(m_job.value()).arg(unfinished));
    if (m_steps.size() >= maxSteps)
        return fail(ErrorCode::ResourceExhausted,
                    u"job %1: it has had %2 steps already"_s.arg(m_job.value()).arg(m_steps.size()));
    return {};
}

void StepSet::run(const protocol::RunStepRequest &request, const GrantedSecrets &secrets,
                  Answer<protocol::RunStepAnswer> caller)
{
    const auto known = request.request.isEmpty() ? m_requests.cend() : m_requests.constFind(request.request);
    if (known != m_requests.cend()) {
        StepRun *step = find(*known);
        if (step->row().bodyHash != protocol::bodyHash(request))
            return caller(fail(ErrorCode::Conflict,
                               u"request_id %1: it was used with another body before"_s.arg(request.request.value())));
        step->wait(std::move(caller));
        return step->bringCommand(launchOf(request, *known));
    }
    if (const auto room = checkRoom(); !room)
        return caller(std::unexpected(room.error()));
    const StepNumber number{m_lastNumber + 1};
    StepMachine machine;
    machine.step = rowOf(request, number, secrets);
    StepRun &step = add(std::move(machine), launchOf(request, number));
    step.wait(std::move(caller));
    step.claim();
}

void StepSet::adopt()
{
    for (const auto &[number, step] : m_steps)
        step->feed({.kind = StepEventKind::Adopted, .at = m_services.clock.wall(), .outcome = {}});
}

void StepSet::reportStarted(StepNumber number)
{
    if (StepRun *step = find(number))
        step->feed({.kind = StepEventKind::Started, .at = m_services.clock.wall(), .outcome = {}});
}

void StepSet::reportFinished(StepNumber number, const StepOutcome &outcome)
{
    if (StepRun *step = find(number))
        step->feed({.kind = StepEventKind::Finished, .at = m_services.clock.wall(), .outcome = outcome});
}

void StepSet::end(KillReason reason, const StepOutcome &outcome)
{
    for (const auto &[number, step] : m_steps) {
        step->setKillReason(reason);
        step->feed({.kind = StepEventKind::Ending, .at = m_services.clock.wall(), .outcome = outcome});
    }
}

void StepSet::close(const StepOutcome &outcome)
{
    for (const auto &[number, step] : m_steps)
        step->feed({.kind = StepEventKind::Closed, .at = m_services.clock.wall(), .outcome = outcome});
}

bool StepSet::areSettled() const
{
    return std::ranges::all_of(m_steps, [](const auto &entry) { return entry.second->isSettled(); });
}

bool StepSet::isRecording() const
{
    return std::ranges::any_of(m_steps,
                               [](const auto &entry) { return entry.second->machine().phase == StepPhase::Recording; });
}

StepsSummary StepSet::summary() const
{
    QList<Step> rows;
    for (const auto &[number, step] : m_steps)
        rows.append(step->row());
    return summarize(rows);
}

} // namespace danube::jobs
