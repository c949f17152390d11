// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/jobrows.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

constexpr char columns[] = "number, id, pipeline, state, reason, repository, ref, branch, commit_id, trigger_type, "
                           "triggered_by, params, retry_of, attempt, created_at, started_at, finished_at, deadline, "
                           "message, progress, cancel_requested, verdict, trigger_ref, trigger_key";
constexpr char unfinishedSql[] =
    "SELECT %1 FROM jobs WHERE state IN ('pending', 'scheduling', 'running') ORDER BY number";

QByteArray withColumns(const char *sql)
{
    return QByteArray(sql).replace("%1", columns);
}

QString paramsToText(const QMap<QString, QString> &params)
{
    QJsonObject object;
    for (auto it = params.begin(); it != params.end(); ++it)
        object.insert(it.key(), it.value());
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QMap<QString, QString> paramsFromText(const QByteArray &text)
{
    QMap<QString, QString> params;
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    for (auto it = object.begin(); it != object.end(); ++it)
        params.insert(it.key(), it->toString());
    return params;
}

Result<Job> jobFromRow(const Statement &row)
{
    const auto state = jobStateFromText(row.text(3));
    if (!row.text(21).isEmpty() && !jobStateFromText(row.text(21)))
        return fail(ErrorCode::DataLoss, u"job %1 has the unknown verdict '%2'"_s.arg(row.text(1), row.text(21)));
    if (!state)
        return fail(ErrorCode::DataLoss, u"job %1 has the unknown state '%2'"_s.arg(row.text(1), row.text(3)));
    Job job;
    job.number = row.number(0);
    job.id = JobId(row.text(1));
    job.pipeline = row.text(2);
    job.state = *state;
    job.reason = row.text(4);
    job.repository = row.text(5);
    job.ref = row.text(6);
    job.branch = row.text(7);
    job.commit = row.text(8);
    job.triggerType = row.text(9);
    job.triggeredBy = row.text(10);
    job.params = paramsFromText(row.blob(11));
    job.retryOf = JobId(row.text(12));
    job.attempt = static_cast<int>(row.number(13));
    job.createdAt = row.time(14);
    job.startedAt = row.time(15);
    job.finishedAt = row.time(16);
    job.deadline = row.time(17);
    job.message = row.text(18);
    job.progress = row.real(19);
    job.cancelRequested = row.number(20) != 0;
    job.verdict = jobStateFromText(row.text(21));
    job.triggerRef = row.text(22);
    job.triggerKey = row.text(23);
    return job;
}

/// The parameters common to insert and update, in the order of both statements.
void bindMutable(Statement &statement, const Job &job)
{
    statement.bind(job.pipeline).bind(toText(job.state)).bind(job.reason).bind(job.repository).bind(job.ref);
    statement.bind(job.branch).bind(job.commit).bind(job.triggerType).bind(job.triggeredBy);
    statement.bind(paramsToText(job.params)).bind(job.retryOf.value()).bind(int64_t(job.attempt));
    statement.bind(job.startedAt).bind(job.finishedAt).bind(job.deadline).bind(job.message).bind(job.progress);
    statement.bind(int64_t(job.cancelRequested)).bind(job.verdict ? toText(*job.verdict) : u""_s);
}

/// All but the last parameter, the id, are bound.
Result<void> runUpdate(Database &database, Statement &statement, const JobId &job)
{
    if (auto done = statement.bind(job.value()).run(); !done)
        return std::unexpected(done.error().in(u"update job %1"_s.arg(job.value())));
    if (database.changedRows() == 0)
        return fail(ErrorCode::NotFound, u"update job %1: there is no such job"_s.arg(job.value()));
    return {};
}

/// One index range per state, merged by number: SQLite steps through each range and stops at the limit, however many
/// jobs there are. Without any filter the table itself is in that order.
QByteArray pageSql(const JobFilter &filter, qsizetype states)
{
    QByteArray range = withColumns("SELECT %1 FROM jobs WHERE number < ? AND number >= ? AND created_at >= ?");
    if (!filter.pipeline.isEmpty())
        range += " AND pipeline = ?";
    if (!filter.branch.isEmpty())
        range += " AND branch = ?";
    if (states > 0)
        range += " AND state = ?";
    QByteArray sql = range;
    for (qsizetype i = 1; i < states; ++i)
        sql += " UNION ALL " + range;
    return sql + " ORDER BY number DESC LIMIT ?";
}

Result<int64_t> lowestNumberSince(Database &database, WallTime since)
{
    if (since == WallTime{})
        return 0;
    auto statement =
        database.prepare("SELECT number FROM jobs WHERE created_high >= ? ORDER BY created_high, number LIMIT 1");
    if (!statement)
        return std::unexpected(statement.error());
    return statement->bind(since).step().transform(
        [&](bool row) { return row ? statement->number(0) : std::numeric_limits<int64_t>::max(); });
}

QList<JobState> statesToMerge(const JobFilter &filter)
{
    QList<JobState> states; // each once: a state named twice would give its jobs twice
    for (const JobState state : allJobStates) {
        if (filter.states.contains(state))
            states.append(state);
    }
    if (!states.isEmpty())
        return states;
    if (filter.pipeline.isEmpty() && filter.branch.isEmpty())
        return {};
    return {std::begin(allJobStates), std::end(allJobStates)};
}

} // namespace

Result<Job> insertJobRow(Database &database, Job job)
{
    auto statement = database.prepare(
        "INSERT INTO jobs (id, created_at, created_high, pipeline, state, reason, repository, ref, branch, commit_id, "
        "trigger_type, triggered_by, params, retry_of, attempt, started_at, finished_at, deadline, message, progress, "
        "cancel_requested, verdict, trigger_ref, trigger_key) VALUES (?, ?, max(?, coalesce((SELECT created_high FROM "
        "jobs ORDER BY number DESC "
        "LIMIT 1), "
        "0)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_ba);
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(job.id.value()).bind(job.createdAt).bind(job.createdAt);
    bindMutable(*statement, job);
    statement->bind(job.triggerRef).bind(job.triggerKey);
    if (auto done = statement->run(); !done)
        return std::unexpected(done.error().in(u"insert job %1"_s.arg(job.id.value())));
    job.number = database.lastInsertId();
    return job;
}

Result<void> updateJobRow(Database &database, const Job &job)
{
    auto statement = database.prepare(
        "UPDATE jobs SET pipeline = ?, state = ?, reason = ?, repository = ?, ref = ?, branch = ?, commit_id = ?, "
        "trigger_type = ?, triggered_by = ?, params = ?, retry_of = ?, attempt = ?, started_at = ?, finished_at = ?, "
        "deadline = ?, message = ?, progress = ?, cancel_requested = ?, verdict = ? WHERE id = ?"_ba);
    if (!statement)
        return std::unexpected(statement.error());
    bindMutable(*statement, job);
    return runUpdate(database, *statement, job.id);
}

Result<void> updateJobReportRow(Database &database, const JobId &id, const QString &message, double progress)
{
    auto statement = database.prepare("UPDATE jobs SET message = ?, progress = ? WHERE id = ?"_ba);
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(message).bind(progress);
    return runUpdate(database, *statement, id);
}

Result<Job> readJob(Database &database, const JobId &id)
{
    auto statement = database.prepare(withColumns("SELECT %1 FROM jobs WHERE id = ?"));
    if (!statement)
        return std::unexpected(statement.error());
    const auto row = statement->bind(id.value()).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(id.value()));
    return jobFromRow(*statement);
}

Result<QList<Job>> readUnfinishedJobs(Database &database)
{
    auto statement = database.prepare(withColumns(unfinishedSql));
    if (!statement)
        return std::unexpected(statement.error());
    return statement->all<Job>(jobFromRow);
}

Result<JobPage> readJobPage(Database &database, const JobFilter &filter, int limit, const QString &cursor)
{
    bool isNumber = true;
    const int64_t below = cursor.isEmpty() ? std::numeric_limits<int64_t>::max() : cursor.toLongLong(&isNumber);
    if (!isNumber || below < 1)
        return fail(ErrorCode::InvalidArgument,
                    u"cursor: expected one given by a former page, got \"%1\""_s.arg(cursor));
    const auto lowest = lowestNumberSince(database, filter.since);
    if (!lowest)
        return std::unexpected(lowest.error());
    const QList<JobState> states = statesToMerge(filter);
    auto statement = database.prepare(pageSql(filter, states.size()));
    if (!statement)
        return std::unexpected(statement.error());
    for (qsizetype i = 0; i < std::max<qsizetype>(states.size(), 1); ++i) {
        statement->bind(below).bind(*lowest).bind(filter.since);
        if (!filter.pipeline.isEmpty())
            statement->bind(filter.pipeline);
        if (!filter.branch.isEmpty())
            statement->bind(filter.branch);
        if (!states.isEmpty())
            statement->bind(toText(states[i]));
    }
    const int wanted = std::clamp(limit, 1, 1000);
    statement->bind(int64_t(wanted) + 1); // one more tells whether there is a next page
    return statement->all<Job>(jobFromRow).transform([wanted](QList<Job> jobs) {
        JobPage page{std::move(jobs), {}};
        if (page.jobs.size() > wanted) {
            page.jobs.resize(wanted);
            page.nextCursor = QString::number(page.jobs.last().number);
        }
        return page;
    });
}

} // namespace danube::store
