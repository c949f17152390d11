// SPDX-License-Identifier: GPL-3.0-or-later
// A peer of the rpc-durable bench: report-status by nghttp2's and SQLite's C APIs alone, over the wire. One thread
// reads and answers the connections, another one commits what came meanwhile (WAL, synchronous FULL), of each job the
// last report, two columns of its row; a report is answered after the commit that has it. It knows its jobs from its
// input, keeps no state machine, tells nobody, redacts, logs and limits nothing.
//   statusserver FILE    FILE is made by `store create`; a line "TOKEN JOB" of standard input for each job
// Prints its port, and serves until it is killed.
#include "tests/bench/rpc/h2output.h"

#include <nghttp2/nghttp2.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::string_view answer = R"({"status":"running"})";

[[noreturn]] void fail(const char *what)
{
    perror(what);
    exit(1);
}

struct Job
{
    std::string id;
    // Of the committing thread: the last report that came.
    std::string message;
    double progress = 0;
    bool isToWrite = false;
};

class Connection;

struct Call
{
    Connection *connection;
    int32_t stream = 0;
    Job *job = nullptr;
    std::string body = {};
    std::string message = {};
    double progress = 0;
    size_t answered = 0;
};

/// Reports on their way to the disk, and back.
class Committer
{
public:
    explicit Committer(const char *file) : m_done(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    {
        if (sqlite3_open_v2(file, &m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
            fail("open the database");
        for (const char *pragma : {"PRAGMA foreign_keys = ON", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                                   "PRAGMA journal_size_limit = 67108864"})
            execute(pragma);
    }

    /// Rows for the reports to change.
    void insert(const std::vector<std::unique_ptr<Job>> &jobs)
    {
        sqlite3_stmt *statement =
            prepare("INSERT INTO jobs (id, created_at, created_high, pipeline, state, reason, repository, ref, branch, "
                    "commit_id, trigger_type, triggered_by, params, retry_of, attempt, started_at, finished_at, "
                    "deadline, message, progress, cancel_requested, verdict, trigger_ref, trigger_key) VALUES (?, 1, "
                    "1, 'wait', 'running', '', 'https://github.com/example/project.git', '', 'main', "
                    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'api', 'somebody', '{}', '', 1, 1, 0, 1, '', -1, 0, "
                    "'', '', '')");
        execute("BEGIN IMMEDIATE");
        for (const auto &job : jobs) {
            sqlite3_bind_text(statement, 1, job->id.data(), static_cast<int>(job->id.size()), SQLITE_STATIC);
            run(statement);
        }
        execute("COMMIT");
        sqlite3_finalize(statement);
    }

    int doneDescriptor() const { return m_done; }
    void put(std::vector<Call *> &calls)
    {
        if (calls.empty())
            return;
        const std::lock_guard lock(m_mutex);
        m_waiting.insert(m_waiting.end(), calls.begin(), calls.end());
        calls.clear();
        m_wake.notify_one();
    }
    std::vector<Call *> takeDone()
    {
        uint64_t count = 0;
        std::ignore = read(m_done, &count, sizeof count);
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_committed, {});
    }

    [[noreturn]] void commitForEver()
    {
        sqlite3_stmt *update = prepare("UPDATE jobs SET message = ?, progress = ? WHERE id = ?");
        std::vector<Call *> calls;
        std::vector<Job *> gathered;
        for (;;) {
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, [this] { return !m_waiting.empty(); });
                calls.swap(m_waiting);
            }
            for (Call *call : calls) {
                call->job->message.swap(call->message);
                call->job->progress = call->progress;
                if (!std::exchange(call->job->isToWrite, true))
                    gathered.push_back(call->job);
            }
            execute("BEGIN IMMEDIATE");
            for (Job *job : gathered) {
                sqlite3_bind_text(update, 1, job->message.data(), static_cast<int>(job->message.size()), SQLITE_STATIC);
                sqlite3_bind_double(update, 2, job->progress);
                sqlite3_bind_text(update, 3, job->id.data(), static_cast<int>(job->id.size()), SQLITE_STATIC);
                run(update);
                job->isToWrite = false;
            }
            execute("COMMIT");
            gathered.clear();
            {
                const std::lock_guard lock(m_mutex);
                m_committed.insert(m_committed.end(), calls.begin(), calls.end());
            }
            calls.clear();
            const uint64_t one = 1;
            std::ignore = write(m_done, &one, sizeof one);
        }
    }

private:
    [[noreturn]] void failed(const char *what)
    {
        fprintf(stderr, "statusserver: %s: %s\n", what, sqlite3_errmsg(m_database));
        exit(1);
    }
    void execute(const char *sql)
    {
        if (sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            failed(sql);
    }
    sqlite3_stmt *prepare(const char *sql)
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v3(m_database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
            failed(sql);
        return statement;
    }
    void run(sqlite3_stmt *statement)
    {
        if (sqlite3_step(statement) != SQLITE_DONE)
            failed("step");
        sqlite3_reset(statement);
    }

    sqlite3 *m_database = nullptr;
    int m_done;
    std::mutex m_mutex; ///< of the next three
    std::condition_variable m_wake;
    std::vector<Call *> m_waiting;
    std::vector<Call *> m_committed;
};

struct Server
{
    std::unordered_map<std::string, Job *> byToken;
    std::vector<Call *> came; ///< in this turn
    simdjson::ondemand::parser parser;
};

class Connection
{
public:
    Connection(Server &server, int socket) : m_server(server), m_socket(socket)
    {
        const int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        nghttp2_session_callbacks *callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBegin);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onClosed);
        nghttp2_session_server_new(&m_session, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);
        const nghttp2_settings_entry streams{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 128};
        nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, &streams, 1);
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        nghttp2_session_del(m_session);
        close(m_socket);
    }

    /// False: the peer is gone. Its calls were answered, as it waits for them.
    bool readSome()
    {
        static std::array<uint8_t, 256 << 10> buffer;
        const auto size = recv(m_socket, buffer.data(), buffer.size(), 0);
        if (size <= 0 || nghttp2_session_mem_recv2(m_session, buffer.data(), static_cast<size_t>(size)) < 0)
            return false;
        write();
        return true;
    }
    void respond(Call &call)
    {
        static const std::string length = std::to_string(answer.size());
        const auto field = [](std::string_view name, std::string_view value) {
            return nghttp2_nv{reinterpret_cast<uint8_t *>(const_cast<char *>(name.data())),
                              reinterpret_cast<uint8_t *>(const_cast<char *>(value.data())), name.size(), value.size(),
                              NGHTTP2_NV_FLAG_NONE};
        };
        const nghttp2_nv fields[] = {field(":status", "200"), field("content-type", "application/json"),
                                     field("content-length", length)};
        const nghttp2_data_provider2 provider{{.ptr = &call}, readAnswer};
        nghttp2_submit_response2(m_session, call.stream, fields, std::size(fields), &provider);
    }
    void write()
    {
        std::ignore = sendAll(m_session, m_socket, m_output); // that it is gone is seen by the next read
    }

private:
    static nghttp2_ssize readAnswer(nghttp2_session *, int32_t, uint8_t *into, size_t size, uint32_t *flags,
                                    nghttp2_data_source *source, void *)
    {
        auto &call = *static_cast<Call *>(source->ptr);
        size = std::min(size, answer.size() - call.answered);
        memcpy(into, answer.data() + call.answered, size);
        call.answered += size;
        if (call.answered == answer.size())
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<nghttp2_ssize>(size);
    }
    static Call *callOf(nghttp2_session *session, int32_t stream)
    {
        return static_cast<Call *>(nghttp2_session_get_stream_user_data(session, stream));
    }
    static int onBegin(nghttp2_session *session, const nghttp2_frame *frame, void *self)
    {
        auto call =
            std::make_unique<Call>(Call{.connection = static_cast<Connection *>(self), .stream = frame->hd.stream_id});
        nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, call.release()); // until it closes
        return 0;
    }
    static int onHeader(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
                        const uint8_t *value, size_t valueSize, uint8_t, void *self)
    {
        if (std::string_view(reinterpret_cast<const char *>(name), nameSize) != "authorization")
            return 0;
        const auto &known = static_cast<Connection *>(self)->m_server.byToken;
        const auto found = known.find(std::string(reinterpret_cast<const char *>(value), valueSize));
        if (found != known.end())
            callOf(session, frame->hd.stream_id)->job = found->second;
        return 0;
    }
    static int onData(nghttp2_session *session, uint8_t, int32_t stream, const uint8_t *bytes, size_t size, void *)
    {
        callOf(session, stream)->body.append(reinterpret_cast<const char *>(bytes), size);
        return 0;
    }
    static int onFrame(nghttp2_session *session, const nghttp2_frame *frame, void *self)
    {
        const bool isEnd = (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
                           (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (isEnd)
            static_cast<Connection *>(self)->take(*callOf(session, frame->hd.stream_id));
        return 0;
    }
    static int onClosed(nghttp2_session *session, int32_t stream, uint32_t, void *)
    {
        const std::unique_ptr<Call> call(callOf(session, stream));
        return 0;
    }
    void take(Call &call)
    {
        call.body.reserve(call.body.size() + simdjson::SIMDJSON_PADDING);
        auto document = m_server.parser.iterate(call.body);
        std::string_view job;
        std::string_view message;
        if (!call.job || document["job_id"].get(job) != simdjson::SUCCESS || job != call.job->id ||
            document["message"].get(message) != simdjson::SUCCESS ||
            document["progress"].get(call.progress) != simdjson::SUCCESS)
            fail("a report that is none");
        call.message = message;
        m_server.came.push_back(&call);
    }

    Server &m_server;
    int m_socket;
    nghttp2_session *m_session = nullptr;
    std::string m_output;
};

int listenAnywhere()
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(listener, 512) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

class Loop
{
public:
    Loop(Server &server, Committer &committer) : m_server(server), m_committer(committer)
    {
        watch(m_listener, &m_listener);
        watch(committer.doneDescriptor(), &m_committer);
    }
    [[noreturn]] void run()
    {
        std::array<epoll_event, 64> events{};
        for (;;) {
            const int count = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i)
                handle(events.at(static_cast<size_t>(i)).data.ptr);
            m_committer.put(m_server.came);
        }
    }

private:
    void watch(int descriptor, void *what)
    {
        epoll_event event{.events = EPOLLIN, .data = {.ptr = what}};
        if (epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
            fail("epoll_ctl");
    }
    void handle(void *what)
    {
        if (what == &m_listener)
            return accept();
        if (what == &m_committer)
            return answerAll();
        auto *connection = static_cast<Connection *>(what);
        if (!connection->readSome())
            delete connection;
    }
    void accept()
    {
        const int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0)
            watch(socket, std::make_unique<Connection>(m_server, socket).release()); // until its peer is gone
    }
    void answerAll()
    {
        std::vector<Connection *> touched;
        for (Call *call : m_committer.takeDone()) {
            call->connection->respond(*call);
            if (std::ranges::find(touched, call->connection) == touched.end())
                touched.push_back(call->connection);
        }
        for (Connection *connection : touched)
            connection->write();
    }

    Server &m_server;
    Committer &m_committer;
    int m_epoll = epoll_create1(EPOLL_CLOEXEC);
    int m_listener = listenAnywhere();
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: statusserver FILE < lines of TOKEN JOB\n", stderr);
        return 2;
    }
    Server server;
    std::vector<std::unique_ptr<Job>> jobs;
    for (std::string token, id; std::cin >> token >> id;) {
        jobs.push_back(std::make_unique<Job>(Job{.id = id, .message = {}}));
        server.byToken.emplace("Bearer " + token, jobs.back().get());
    }
    Committer committer(argv[1]);
    committer.insert(jobs);
    Loop loop(server, committer);
    const std::jthread committing([&committer] { committer.commitForEver(); });
    loop.run();
}
