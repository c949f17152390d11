// SPDX-License-Identifier: GPL-3.0-or-later
// The client of the rpc-durable bench: report-status calls, each with a message of its own, so that each is a change
// that must be durable before its answer. statusclient PORT CONNECTIONS STREAMS CALLS, and a line "TOKEN JOB" of
// standard input for each job. A stream's calls follow each other and are all of one job, so no two calls of a job are
// open at once where there are no more streams than jobs. Prints: seconds, calls, median and 99th percentile of a call
// in microseconds.
#include "tests/bench/rpc/h2output.h"

#include <nghttp2/nghttp2.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char *what)
{
    fprintf(stderr, "statusclient: %s\n", what);
    exit(1);
}

struct Job
{
    std::string authorization;
    std::string id;
};

/// What all connections work off.
struct Work
{
    std::vector<Job> jobs;
    size_t slots = 0; ///< streams begun; each takes the next job
    long left = 0;    ///< calls not begun
    long calls = 0;
    std::vector<uint32_t> microseconds;
};

struct Call
{
    const Job &job;
    std::string body = {};
    size_t sent = 0;
    Clock::time_point begun = Clock::now();
    bool isOk = false;
};

class Connection
{
public:
    Connection(Work &work, unsigned short port, int streams)
        : m_work(work), m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            fail("cannot connect");
        nghttp2_session_callbacks *callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onClosed);
        nghttp2_session_client_new(&m_session, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, nullptr, 0);
        for (int i = 0; i < streams; ++i)
            begin(m_work.jobs[m_work.slots++ % m_work.jobs.size()]);
        write();
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        nghttp2_session_del(m_session);
        close(m_socket);
    }

    int descriptor() const { return m_socket; }
    bool isDone() const { return m_open == 0; }
    void read()
    {
        static char buffer[256 << 10];
        const auto size = recv(m_socket, buffer, sizeof buffer, 0);
        if (size <= 0 ||
            nghttp2_session_mem_recv2(m_session, reinterpret_cast<uint8_t *>(buffer), static_cast<size_t>(size)) < 0)
            fail("the connection broke");
        write();
    }

private:
    void begin(const Job &job)
    {
        if (m_work.left == 0)
            return;
        --m_work.left;
        auto call = std::make_unique<Call>(Call{.job = job});
        call->body = R"({"job_id":")" + job.id + R"(","message":"compiled )" + std::to_string(++m_work.calls) +
                     R"( of many files of this project, and some are still to come","progress":0.5})";
        const std::string length = std::to_string(call->body.size());
        const auto field = [](const char *name, const std::string &value) {
            return nghttp2_nv{reinterpret_cast<uint8_t *>(const_cast<char *>(name)),
                              reinterpret_cast<uint8_t *>(const_cast<char *>(value.data())), strlen(name), value.size(),
                              NGHTTP2_NV_FLAG_NONE};
        };
        static const std::string post = "POST", http = "http", host = "127.0.0.1", path = "/rpc/report-status",
                                 json = "application/json";
        const nghttp2_nv fields[] = {field(":method", post),         field(":scheme", http),
                                     field(":authority", host),      field(":path", path),
                                     field("content-type", json),    field("authorization", job.authorization),
                                     field("content-length", length)};
        nghttp2_data_provider2 provider{{.ptr = call.get()}, readBody};
        const auto stream =
            nghttp2_submit_request2(m_session, nullptr, fields, std::size(fields), &provider, call.get());
        if (stream < 0)
            fail("cannot submit");
        std::ignore = call.release(); // until its stream closes
        ++m_open;
    }
    void write()
    {
        if (!sendAll(m_session, m_socket, m_output))
            fail("cannot send");
    }

    static nghttp2_ssize readBody(nghttp2_session *, int32_t, uint8_t *into, size_t size, uint32_t *flags,
                                  nghttp2_data_source *source, void *)
    {
        auto &call = *static_cast<Call *>(source->ptr);
        size = std::min(size, call.body.size() - call.sent);
        memcpy(into, call.body.data() + call.sent, size);
        call.sent += size;
        if (call.sent == call.body.size())
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<nghttp2_ssize>(size);
    }
    static int onHeader(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
                        const uint8_t *value, size_t valueSize, uint8_t, void *)
    {
        auto *call = static_cast<Call *>(nghttp2_session_get_stream_user_data(session, frame->hd.stream_id));
        if (call && std::string_view(reinterpret_cast<const char *>(name), nameSize) == ":status")
            call->isOk = std::string_view(reinterpret_cast<const char *>(value), valueSize) == "200";
        return 0;
    }
    static int onFrame(nghttp2_session *, const nghttp2_frame *frame, void *)
    {
        if (frame->hd.type == NGHTTP2_GOAWAY)
            fail("the master says GOAWAY");
        return 0;
    }
    static int onClosed(nghttp2_session *session, int32_t stream, uint32_t, void *self)
    {
        const std::unique_ptr<Call> call(static_cast<Call *>(nghttp2_session_get_stream_user_data(session, stream)));
        auto &connection = *static_cast<Connection *>(self);
        if (!call || !call->isOk)
            fail("a call was refused");
        const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - call->begun).count();
        connection.m_work.microseconds.push_back(static_cast<uint32_t>(taken));
        --connection.m_open;
        connection.begin(call->job);
        return 0;
    }

    Work &m_work;
    int m_socket;
    nghttp2_session *m_session = nullptr;
    std::string m_output;
    int m_open = 0;
};

void serve(std::vector<std::unique_ptr<Connection>> &connections)
{
    std::vector<pollfd> polled;
    for (;;) {
        polled.clear();
        for (const auto &connection : connections) {
            if (!connection->isDone())
                polled.push_back({connection->descriptor(), POLLIN, 0});
        }
        if (polled.empty())
            return;
        if (poll(polled.data(), polled.size(), 30'000) <= 0)
            fail("no answer within 30 s");
        for (const auto &connection : connections) {
            const auto at = std::ranges::find(polled, connection->descriptor(), &pollfd::fd);
            if (at != polled.end() && at->revents != 0)
                connection->read();
        }
    }
}

std::vector<Job> readJobs()
{
    std::vector<Job> jobs;
    for (std::string token, id; std::cin >> token >> id;)
        jobs.push_back({"Bearer " + token, id});
    return jobs;
}

} // namespace

int main(int argc, char **argv)
{
    Work work{.jobs = readJobs(), .microseconds = {}};
    if (argc != 5 || work.jobs.empty()) {
        fputs("usage: statusclient PORT CONNECTIONS STREAMS CALLS < lines of TOKEN JOB\n", stderr);
        return 2;
    }
    const long calls = work.left = atol(argv[4]);
    const auto begun = Clock::now();
    std::vector<std::unique_ptr<Connection>> connections;
    const int count = atoi(argv[2]);
    connections.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i)
        connections.push_back(
            std::make_unique<Connection>(work, static_cast<unsigned short>(atoi(argv[1])), atoi(argv[3])));
    serve(connections);
    const std::chrono::duration<double> taken = Clock::now() - begun;
    std::ranges::sort(work.microseconds);
    const auto share = [&](size_t percent) { return work.microseconds[work.microseconds.size() * percent / 100]; };
    printf("%.6f %ld %u %u\n", taken.count(), calls, share(50), share(99));
    return 0;
}
