// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/steprows.h"

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

QString nameOf(const Step &step)
{
    return u"step %1 of job %2"_s.arg(toInt(step.number)).arg(step.job.value());
}

/// The parameters common to insert and update, in the order of both statements.
void bindMutable(Statement &statement, const Step &step)
{
    statement.bind(step.name).bind(step.command).bind(step.image).bind(toText(step.state));
    if (step.outcome) {
        statement.bind(toText(step.outcome->kind)).bind(int64_t(step.outcome->exitCode));
        statement.bind(int64_t(step.outcome->signal)).bind(int64_t(step.outcome->duration.count()));
        statement.bind(step.outcome->message);
    } else {
        statement.bindNull().bindNull().bindNull().bindNull().bindNull();
    }
    statement.bind(step.request.value()).bindBlob(step.bodyHash).bind(step.startedAt).bind(step.finishedAt);
    statement.bind(int64_t(step.timeout.count())).bind(int64_t(step.captureOutput));
}

Result<Step> stepFromRow(const Statement &row, const JobId &job)
{
    Step step;
    step.job = job;
    step.number = StepNumber(static_cast<uint32_t>(row.number(0)));
    step.name = row.text(1);
    step.command = row.text(2);
    step.image = row.text(3);
    const auto state = stepStateFromText(row.text(4));
    const auto kind = outcomeKindFromText(row.text(5));
    if (!state || (!kind && !row.isNull(5)))
        return fail(ErrorCode::DataLoss,
                    u"%1 has the unknown state '%2' or outcome '%3'"_s.arg(nameOf(step), row.text(4), row.text(5)));
    step.state = *state;
    if (kind) {
        step.outcome = StepOutcome{*kind, static_cast<int>(row.number(6)), static_cast<int>(row.number(7)),
                                   milliseconds(row.number(8)), row.text(9)};
    }
    step.request = RequestId(row.text(10));
    step.bodyHash = row.blob(11);
    step.startedAt = row.time(12);
    step.finishedAt = row.time(13);
    step.timeout = milliseconds(row.number(14));
    step.captureOutput = row.number(15) != 0;
    return step;
}

} // namespace

Result<void> insertStepRow(Database &database, const Step &step)
{
    auto statement = database.prepare(
        "INSERT INTO steps (job, number, name, command, image, state, outcome, exit_code, signal, duration_ms, "
        "outcome_message, request, body_hash, started_at, finished_at, timeout_ms, capture_output) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_ba);
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(step.job.value()).bind(int64_t(toInt(step.number)));
    bindMutable(*statement, step);
    return statement->run().transform_error([&](const Error &error) { return error.in(u"insert "_s + nameOf(step)); });
}

Result<void> updateStepRow(Database &database, const Step &step)
{
    auto statement = database.prepare(
        "UPDATE steps SET name = ?, command = ?, image = ?, state = ?, outcome = ?, exit_code = ?, signal = ?, "
        "duration_ms = ?, outcome_message = ?, request = ?, body_hash = ?, started_at = ?, finished_at = ?, "
        "timeout_ms = ?, capture_output = ? WHERE job = ? AND number = ?"_ba);
    if (!statement)
        return std::unexpected(statement.error());
    bindMutable(*statement, step);
    if (auto done = statement->bind(step.job.value()).bind(int64_t(toInt(step.number))).run(); !done)
        return std::unexpected(done.error().in(u"update "_s + nameOf(step)));
    if (database.changedRows() == 0)
        return fail(ErrorCode::NotFound, u"update %1: there is no such step"_s.arg(nameOf(step)));
    return {};
}

Result<QList<Step>> readSteps(Database &database, const JobId &job)
{
    auto statement = database.prepare(
        "SELECT number, name, command, image, state, outcome, exit_code, signal, duration_ms, outcome_message, "
        "request, body_hash, started_at, finished_at, timeout_ms, capture_output FROM steps WHERE job = ? ORDER BY "
        "number");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(job.value());
    return statement->all<Step>([&job](const Statement &row) { return stepFromRow(row, job); });
}

} // namespace danube::store
