// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick of the benches store and rpc-durable: the same statements on the same schema by SQLite's C API alone,
// in one thread, prepared once, WAL with synchronous FULL. It decides, queues, answers and checks nothing.
//   rawstore write FILE JOBS                   1024 rows a transaction
//   rawstore durable FILE JOBS GROUP REPORTS   reports on each job in turn, GROUP a transaction, but of those of one
//                                              job only the last
// FILE is made by `store create`.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int stepsPerJob = 5;
constexpr int group = 1024;
sqlite3 *database = nullptr;

[[noreturn]] void fail(const char *what)
{
    fprintf(stderr, "rawstore: %s: %s\n", what, sqlite3_errmsg(database));
    exit(1);
}

void execute(const char *sql)
{
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(sql);
}

class Statement
{
public:
    explicit Statement(const char *sql)
    {
        if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &m_handle, nullptr) != SQLITE_OK)
            fail(sql);
    }
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    ~Statement() { sqlite3_finalize(m_handle); }

    Statement &text(const char *value)
    {
        sqlite3_bind_text(m_handle, ++m_bound, value, static_cast<int>(strlen(value)), SQLITE_STATIC);
        return *this;
    }
    Statement &blob(const char *value, int size)
    {
        sqlite3_bind_blob(m_handle, ++m_bound, value, size, SQLITE_STATIC);
        return *this;
    }
    Statement &number(sqlite3_int64 value)
    {
        sqlite3_bind_int64(m_handle, ++m_bound, value);
        return *this;
    }
    Statement &real(double value)
    {
        sqlite3_bind_double(m_handle, ++m_bound, value);
        return *this;
    }
    Statement &null()
    {
        sqlite3_bind_null(m_handle, ++m_bound);
        return *this;
    }
    void run()
    {
        if (sqlite3_step(m_handle) != SQLITE_DONE)
            fail("step");
        sqlite3_reset(m_handle);
        m_bound = 0;
    }

private:
    sqlite3_stmt *m_handle = nullptr;
    int m_bound = 0;
};

struct Writer
{
    Statement insertJob{
        "INSERT INTO jobs (id, created_at, created_high, pipeline, state, reason, repository, ref, branch, commit_id, "
        "trigger_type, triggered_by, params, retry_of, attempt, started_at, finished_at, deadline, message, progress, "
        "cancel_requested, verdict, trigger_ref, trigger_key) VALUES (?, ?, max(?, coalesce((SELECT created_high FROM "
        "jobs ORDER BY number DESC LIMIT 1), 0)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Statement updateJob{
        "UPDATE jobs SET pipeline = ?, state = ?, reason = ?, repository = ?, ref = ?, branch = ?, commit_id = ?, "
        "trigger_type = ?, triggered_by = ?, params = ?, retry_of = ?, attempt = ?, started_at = ?, finished_at = ?, "
        "deadline = ?, message = ?, progress = ?, cancel_requested = ?, verdict = ? WHERE id = ?"};
    Statement insertStep{
        "INSERT INTO steps (job, number, name, command, image, state, outcome, exit_code, signal, duration_ms, "
        "outcome_message, request, body_hash, started_at, finished_at, timeout_ms, capture_output) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Statement updateStep{
        "UPDATE steps SET name = ?, command = ?, image = ?, state = ?, outcome = ?, exit_code = ?, signal = ?, "
        "duration_ms = ?, outcome_message = ?, request = ?, body_hash = ?, started_at = ?, finished_at = ?, "
        "timeout_ms = ?, capture_output = ? WHERE job = ? AND number = ?"};
    std::string id, pipeline, branch, name, request;
    const std::string commit = std::string(40, 'a');
    const std::string hash = std::string(32, 'h');
    const char *state = "pending";
    const char *reason = "";
    const char *verdict = "";
    sqlite3_int64 created = 0, started = 0, finished = 0, deadline = 0;

    void set(int number)
    {
        char text[32];
        snprintf(text, sizeof text, "bench-%012d", number);
        id = text;
        pipeline = "pipeline-" + std::to_string(number % 20);
        branch = number % 3 == 0 ? "main" : "topic-" + std::to_string(number % 50);
        created = 1'700'000'000'000 + sqlite3_int64(number) * 1000;
    }
    Statement &bindJob(Statement &statement)
    {
        statement.text(pipeline.c_str())
            .text(state)
            .text(reason)
            .text("https://github.com/example/project.git")
            .text("");
        statement.text(branch.c_str()).text(commit.c_str()).text("api").text("somebody").text(R"({"word":"value"})");
        statement.text("").number(1).number(started).number(finished).number(deadline).text("").real(-1);
        return statement.number(0).text(verdict);
    }
    void newJob()
    {
        state = "pending";
        reason = verdict = "";
        started = finished = deadline = 0;
        insertJob.text(id.c_str()).number(created).number(created);
        bindJob(insertJob).text("").text("").run();
    }
    void saveJob() { bindJob(updateJob).text(id.c_str()).run(); }
    Statement &bindStep(Statement &statement, bool isFinished)
    {
        statement.text(name.c_str()).text("cmake --build build --target all").text("");
        statement.text(isFinished ? "finished" : "intended");
        if (isFinished)
            statement.text("exited").number(0).number(0).number(120).text("");
        else
            statement.null().null().null().null().null();
        statement.text(request.c_str()).blob(hash.data(), static_cast<int>(hash.size())).number(created + 100);
        return statement.number(isFinished ? created + 220 : 0).number(0).number(0);
    }
    void newStep(int number)
    {
        name = "step " + std::to_string(number);
        request = "request-" + std::to_string(number);
        insertStep.text(id.c_str()).number(number);
        bindStep(insertStep, false).run();
    }
    void saveStep(int number) { bindStep(updateStep, true).text(id.c_str()).number(number).run(); }
};

/// Counts rows and commits after each full group.
class Groups
{
public:
    Groups() { execute("BEGIN IMMEDIATE"); }
    void add()
    {
        if (++m_rows % group != 0)
            return;
        execute("COMMIT");
        execute("BEGIN IMMEDIATE");
    }
    long long finish()
    {
        execute("COMMIT");
        return m_rows;
    }

private:
    long long m_rows = 0;
};

long long writeJobs(int jobs)
{
    Writer writer;
    Groups groups;
    for (int number = 0; number < jobs; ++number) {
        writer.set(number);
        writer.newJob();
        groups.add();
        writer.state = "running";
        writer.started = writer.created + 20;
        writer.deadline = writer.created + 3'600'000;
        writer.saveJob();
        groups.add();
        for (int step = 0; step < stepsPerJob; ++step) {
            writer.newStep(step);
            groups.add();
            writer.saveStep(step);
            groups.add();
        }
        writer.state = writer.verdict = number % 10 == 0 ? "failure" : "success";
        writer.finished = writer.created + 900;
        writer.reason = "the coordinator ended with exit code 0";
        writer.saveJob();
        groups.add();
    }
    return groups.finish();
}

/// Of one job; the last one that came.
struct Report
{
    std::string id;
    std::string message;
    double progress = 0;
    bool isToWrite = false;
};

std::vector<Report> makeJobs(int count)
{
    Writer writer;
    std::vector<Report> jobs(static_cast<size_t>(count));
    execute("BEGIN IMMEDIATE");
    for (int number = 0; number < count; ++number) {
        writer.set(number);
        writer.newJob();
        jobs[static_cast<size_t>(number)].id = writer.id;
    }
    execute("COMMIT");
    return jobs;
}

/// Rows written.
long long writeReports(std::vector<Report> &jobs, int size, int reports)
{
    Statement update("UPDATE jobs SET message = ?, progress = ? WHERE id = ?");
    std::vector<Report *> gathered;
    long long rows = 0;
    for (int came = 0; came < reports;) {
        for (const int end = std::min(reports, came + size); came < end; ++came) {
            Report &report = jobs[static_cast<size_t>(came) % jobs.size()];
            report.message = "compiled " + std::to_string(came) +
                             " of many files of this project, and some are still to come"; // as statusclient's
            report.progress = 0.5;
            if (!std::exchange(report.isToWrite, true))
                gathered.push_back(&report);
        }
        execute("BEGIN IMMEDIATE");
        for (Report *report : gathered) {
            update.text(report->message.c_str()).real(report->progress).text(report->id.c_str()).run();
            report->isToWrite = false;
            ++rows;
        }
        execute("COMMIT");
        gathered.clear();
    }
    return rows;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string verb = argc > 1 ? argv[1] : "";
    if (!(verb == "write" && argc == 4) && !(verb == "durable" && argc == 6)) {
        fputs("usage: rawstore write FILE JOBS | rawstore durable FILE JOBS GROUP REPORTS\n", stderr);
        return 2;
    }
    if (sqlite3_open_v2(argv[2], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        fail("open");
    for (const char *pragma : {"PRAGMA foreign_keys = ON", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                               "PRAGMA journal_size_limit = 67108864"})
        execute(pragma);
    std::vector<Report> jobs = verb == "durable" ? makeJobs(atoi(argv[3])) : std::vector<Report>();
    const auto begun = std::chrono::steady_clock::now();
    const long long rows =
        verb == "durable" ? writeReports(jobs, atoi(argv[4]), atoi(argv[5])) : writeJobs(atoi(argv[3]));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    printf("%.6f %lld\n", taken.count(), rows);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
