// SPDX-License-Identifier: GPL-3.0-or-later
// Many SSE clients on one epoll descriptor, for the sse bench. Each event is a line "T<nanoseconds> S<number> …": when
// the producer wrote it, by CLOCK_MONOTONIC of this machine, and its number from 0 on. clients PORT PATH AUTHORIZATION
// COUNT LINES PATIENCE Prints "ready" when all streams are open; then, when each client has had LINES lines or nothing
// came for PATIENCE seconds: events delivered, of how many, seconds from the first to the last, median and 99th
// percentile of the latency in microseconds, losses. LINES 0: holds the streams open until standard input ends.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace {

[[noreturn]] void fail(const char *what)
{
    fprintf(stderr, "clients: %s: %s\n", what, strerror(errno));
    exit(1);
}

int64_t now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

struct Client
{
    int descriptor = -1;
    std::string rest; ///< of an event whose end has not come
    long next = 0;    ///< number of the line awaited
    bool isOpen = false;
};

/// What all clients heard.
struct Tally
{
    long delivered = 0;
    long lost = 0;
    int64_t first = 0;
    int64_t last = 0;
    std::vector<uint32_t> buckets = std::vector<uint32_t>(1 << 20); ///< by microseconds of latency, 16 a bucket

    void add(int64_t latency)
    {
        const auto bucket = std::clamp<int64_t>(latency / 16'000, 0, std::ssize(buckets) - 1);
        ++buckets[static_cast<size_t>(bucket)];
        ++delivered;
    }
    long percentile(int percent) const
    {
        long seen = 0;
        for (size_t bucket = 0; bucket < buckets.size(); ++bucket) {
            seen += buckets[bucket];
            if (seen * 100 >= delivered * percent)
                return static_cast<long>(bucket) * 16 + 8;
        }
        return 0;
    }
};

long numberAfter(std::string_view text, size_t at)
{
    long value = -1;
    std::from_chars(text.data() + at, text.data() + text.size(), value);
    return value;
}

/// One event without its blank line.
void take(Client &client, std::string_view event, Tally &tally, int64_t time)
{
    constexpr std::string_view mark = "data: T";
    const auto data = event.find(mark);
    if (data == std::string_view::npos)
        return; // retry, comments, other lines
    const size_t stamp = data + mark.size();
    const auto number = event.find(" S", stamp);
    if (number == std::string_view::npos)
        fail("a line is not one of the producer's");
    const long line = numberAfter(event, number + 2);
    tally.lost += line - client.next;
    client.next = line + 1;
    tally.add(time - numberAfter(event, stamp));
}

void feed(Client &client, std::string_view bytes, Tally &tally, int64_t time)
{
    if (!client.rest.empty()) {
        const size_t before = client.rest.size();
        client.rest.append(bytes);
        const auto end = client.rest.find("\n\n", before > 0 ? before - 1 : 0);
        if (end == std::string::npos)
            return;
        take(client, std::string_view(client.rest).substr(0, end), tally, time);
        bytes.remove_prefix(end + 2 - before);
        client.rest.clear();
    }
    for (auto end = bytes.find("\n\n"); end != std::string_view::npos; end = bytes.find("\n\n")) {
        take(client, bytes.substr(0, end), tally, time);
        bytes.remove_prefix(end + 2);
    }
    client.rest.assign(bytes);
}

class Crowd
{
public:
    Crowd(int count, unsigned short port, const std::string &request)
        : m_epoll(epoll_create1(EPOLL_CLOEXEC)), m_clients(static_cast<size_t>(count))
    {
        constexpr size_t wave = 200; // a listen queue holds no more
        for (size_t begun = 0; begun < m_clients.size(); begun += wave) {
            const size_t end = std::min(begun + wave, m_clients.size());
            for (size_t i = begun; i < end; ++i)
                open(m_clients[i], port, request);
            while (m_open < static_cast<long>(end)) {
                if (!serve(30'000))
                    fail("a stream did not open");
            }
        }
    }

    const Tally &tally() const { return m_tally; }
    /// False when nothing came for so long.
    bool serve(int milliseconds)
    {
        static char buffer[256 << 10];
        std::array<epoll_event, 512> events{};
        const int count = epoll_wait(m_epoll, events.data(), events.size(), milliseconds);
        for (int i = 0; i < count; ++i) {
            Client &client = *static_cast<Client *>(events[static_cast<size_t>(i)].data.ptr);
            const auto size = recv(client.descriptor, buffer, sizeof buffer, 0);
            if (size <= 0)
                fail("a stream was closed");
            const int64_t time = now();
            const long before = m_tally.delivered;
            const auto bytes = std::string_view(buffer, static_cast<size_t>(size));
            client.isOpen ? feed(client, bytes, m_tally, time) : takeHead(client, bytes, time);
            if (m_tally.delivered > before) {
                m_tally.first = m_tally.first > 0 ? m_tally.first : time;
                m_tally.last = time;
            }
        }
        return count > 0;
    }
    void endOf(long lines)
    {
        for (Client &client : m_clients)
            m_tally.lost += lines - client.next;
    }

private:
    void open(Client &client, unsigned short port, const std::string &request)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        client.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (client.descriptor < 0 ||
            connect(client.descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            fail("connect");
        if (send(client.descriptor, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size()))
            fail("send");
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &client;
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, client.descriptor, &event);
    }
    void takeHead(Client &client, std::string_view bytes, int64_t time)
    {
        client.rest.append(bytes);
        const auto end = client.rest.find("\r\n\r\n");
        if (end == std::string::npos)
            return;
        if (!client.rest.starts_with("HTTP/1.1 200")) {
            fprintf(stderr, "clients: %s\n", client.rest.c_str());
            exit(1);
        }
        client.isOpen = true;
        ++m_open;
        const std::string body = client.rest.substr(end + 4);
        client.rest.clear();
        feed(client, body, m_tally, time);
    }

    int m_epoll;
    std::vector<Client> m_clients;
    long m_open = 0;
    Tally m_tally;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: clients PORT PATH AUTHORIZATION COUNT LINES PATIENCE\n", stderr);
        return 2;
    }
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const std::string request =
        std::string("GET ") + argv[2] +
        " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: " + argv[3] + "\r\n\r\n";
    const long lines = atol(argv[5]);
    const long wanted = lines * atol(argv[4]);
    Crowd crowd(atoi(argv[4]), static_cast<unsigned short>(atoi(argv[1])), request);
    puts("ready");
    fflush(stdout);
    if (lines == 0)
        return getchar() == EOF ? 0 : 1;
    const int patience = atoi(argv[6]) * 1000;
    while (crowd.tally().delivered < wanted && crowd.serve(patience)) {
    }
    crowd.endOf(lines);
    const Tally &tally = crowd.tally();
    printf("%ld %ld %.6f %ld %ld %ld\n", tally.delivered, wanted, double(tally.last - tally.first) / 1e9,
           tally.percentile(50), tally.percentile(99), tally.lost);
    return 0;
}
