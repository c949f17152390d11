// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/ssehub.h"

#include "shared/protocol/sse.h"

#include <QLoggingCategory>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

Q_LOGGING_CATEGORY(lcSse, "danube.http.sse")

namespace danube::http {
namespace {

constexpr qint64 turnBytes = 256 << 10;   // written to one client before it is another's turn
constexpr milliseconds tickInterval{250}; // heartbeats and stall checks are as exact as this
// After each look at a log, for each of its clients, about twice what a write to one costs: with a hundred of
// them a line is there at once, with thousands many lines share a write.
constexpr std::chrono::microseconds pausePerClient(10), longestPause(20'000);
constexpr QByteArrayView responseHead("HTTP/1.1 200 OK\r\n"
                                      "Content-Type: text/event-stream; charset=utf-8\r\n"
                                      "Cache-Control: no-store\r\n"
                                      "X-Accel-Buffering: no\r\n"
                                      "X-Content-Type-Options: nosniff\r\n"
                                      "Connection: close\r\n\r\n");

} // namespace

struct SseHub::Client
{
    int descriptor = -1;
    quint64 number = 0;
    SseFeed *feed = nullptr;
    LogGroup *group = nullptr; ///< nullptr = event stream
    SsePosition position;
    QByteArray pending; ///< shared block, not yet written from `written` on
    qsizetype written = 0;
    SteadyTime progressAt;
    qint64 allowance = 0;    ///< bytes until the next tick, where there is a rate
    bool isBlocked = false;  ///< waits for EPOLLOUT
    bool isHeldBack = false; ///< waits for its allowance
    bool isScheduled = false;
    bool isLast = false; ///< close when pending is written
    bool isDead = false;
};

struct SseHub::LogGroup
{
    JobId job;
    LogFeed feed;
    std::vector<Client *> clients;
    SteadyTime nextLook{}; ///< not before
    bool isDue = false;    ///< changed since, so in m_due
};

SseHub::SseHub(Sources sources, const HttpLimits &limits, const Clock &clock, QByteArray epoch)
    : m_sources(std::move(sources)),
      m_limits(limits),
      m_clock(clock),
      m_inbox(std::make_shared<SseInbox>(limits.eventRing)),
      m_events(std::move(epoch), limits.eventRing, limits.eventRingBytes)
{}

SseHub::~SseHub()
{
    if (m_thread.joinable()) {
        m_inbox->stop();
        m_thread.join();
    }
    if (m_epoll >= 0)
        ::close(m_epoll);
}

Result<void> SseHub::start()
{
    if (auto opened = m_inbox->open(); !opened)
        return opened;
    m_epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    if (m_epoll < 0 || ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_inbox->descriptor(), &event) != 0)
        return failErrno(u"start the SSE thread"_s, errno);
    m_nextTick = m_clock.steady() + tickInterval;
    m_thread = std::thread([this] { run(); });
    return {};
}

void SseHub::join(SseNewcomer newcomer)
{
    ++m_count;
    m_inbox->put(std::move(newcomer));
}

void SseHub::followLog(int descriptor, JobId job, SsePosition position)
{
    join({descriptor, std::move(job), position, {}});
}

void SseHub::followEvents(int descriptor, QByteArray lastEventId)
{
    join({descriptor, std::nullopt, {}, std::move(lastEventId)});
}

std::function<void(const JobId &)> SseHub::logObserver() const
{
    return [inbox = m_inbox](const JobId &job) { inbox->noteChanged(job); };
}

void SseHub::publish(QByteArray type, QByteArray json)
{
    m_inbox->publish(std::move(type), std::move(json));
}

void SseHub::run()
{
    std::array<epoll_event, 256> events{};
    while (takeInbox()) {
        const auto next = m_due.empty() ? m_nextTick : std::min(m_nextTick, m_due.begin()->first);
        if (m_ready.empty())
            sleepUntilReady(next - m_clock.steady());
        const int count = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), 0);
        for (int i = 0; i < count; ++i) {
            if (auto *client = static_cast<Client *>(events[static_cast<size_t>(i)].data.ptr))
                onReady(*client, events[static_cast<size_t>(i)].events);
            else
                m_inbox->readAll();
        }
        for (size_t left = m_ready.size(); left > 0; --left) {
            Client *client = m_ready.front();
            m_ready.pop_front();
            client->isScheduled = false;
            if (!client->isDead)
                turn(*client);
        }
        lookAtDue();
        if (m_clock.steady() >= m_nextTick)
            tick();
        bury();
    }
    for (const auto &[key, client] : m_clients)
        close(*client);
    bury();
}

/// epoll_wait() itself takes whole milliseconds, as long as the pause between two looks at a log.
void SseHub::sleepUntilReady(nanoseconds most) const
{
    const auto pause = std::clamp<nanoseconds>(most, 0s, 1s);
    const timespec timeout{.tv_sec = pause / 1s, .tv_nsec = (pause % 1s).count()};
    pollfd ready{.fd = m_epoll, .events = POLLIN, .revents = 0};
    ::ppoll(&ready, 1, &timeout, nullptr);
}

bool SseHub::takeInbox()
{
    auto inbox = m_inbox->take();
    if (!inbox)
        return false;
    for (auto &[type, json] : inbox->events)
        m_events.publish(type, json);
    if (inbox->eventsLost)
        m_events.forget();
    for (SseNewcomer &newcomer : inbox->newcomers)
        admit(std::move(newcomer));
    for (const JobId &job : inbox->changed)
        refreshLog(job);
    if (!inbox->events.empty() || inbox->eventsLost)
        wakeClients(m_eventClients);
    return true;
}

void SseHub::admit(SseNewcomer newcomer)
{
    auto owned = std::make_unique<Client>();
    Client &client = *owned;
    client.descriptor = newcomer.descriptor;
    client.number = ++m_lastNumber;
    client.position = newcomer.position;
    client.progressAt = m_clock.steady();
    client.allowance = std::max<qint64>(1, m_limits.streamRate * tickInterval.count() / 1000);
    m_clients.emplace(&client, std::move(owned));
    // A peer that is gone without a word: heartbeats fill no buffer, and the kernel waits a quarter of an hour for it.
    const auto silence = static_cast<unsigned int>(m_limits.streamStallTime.count());
    ::setsockopt(client.descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof silence);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.ptr = &client;
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, client.descriptor, &event) != 0) {
        qCWarning(lcSse) << "client-refused errno=" << errno;
        return close(client);
    }
    if (!newcomer.job) {
        client.position.isResumed = !newcomer.lastEventId.isEmpty();
        if (const auto sequence = m_events.sequenceOf(newcomer.lastEventId))
            client.position.next = *sequence + 1;
        m_eventClients.push_back(&client);
        return begin(client, m_events);
    }
    auto &group = m_logs[newcomer.job->value()];
    if (!group)
        group.reset(new LogGroup{*newcomer.job, LogFeed(*newcomer.job, m_sources.openLog, m_sources.findJob), {}});
    client.group = group.get();
    group->clients.push_back(&client);
    if (const auto fresh = group->feed.refresh(); !fresh) {
        qCWarning(lcSse).noquote() << u"stream-failed job=%1 error=\"%2\""_s.arg(group->job.value(),
                                                                                 fresh.error().message);
        return close(client);
    }
    begin(client, group->feed);
    wakeClients(group->clients);
}

void SseHub::begin(Client &client, SseFeed &feed)
{
    client.feed = &feed;
    auto first = feed.begin(client.position);
    if (!first)
        return close(client);
    client.pending = responseHead.toByteArray() + protocol::encodeSseRetry(m_limits.retry) + *first;
    schedule(client);
}

void SseHub::refreshLog(const JobId &job)
{
    const auto found = m_logs.find(job.value());
    if (found == m_logs.end())
        return;
    LogGroup &group = *found->second;
    const auto now = m_clock.steady();
    if (now < group.nextLook) {
        if (!std::exchange(group.isDue, true))
            m_due.emplace(group.nextLook, job);
        return;
    }
    const auto pause = std::min(longestPause, pausePerClient * std::ssize(group.clients));
    group.nextLook = now + pause;
    const auto fresh = group.feed.refresh();
    if (fresh)
        return wakeClients(group.clients);
    qCWarning(lcSse).noquote() << u"stream-failed job=%1 error=\"%2\""_s.arg(job.value(), fresh.error().message);
    for (Client *client : group.clients) // they come back with their ids
        close(*client);
}

void SseHub::lookAtDue()
{
    while (!m_due.empty() && m_due.begin()->first <= m_clock.steady()) {
        const JobId job = m_due.extract(m_due.begin()).mapped();
        if (const auto found = m_logs.find(job.value()); found != m_logs.end())
            found->second->isDue = false;
        refreshLog(job);
    }
}

void SseHub::wakeClients(const std::vector<Client *> &clients)
{
    for (Client *client : clients) {
        if (!client->isBlocked && !client->isHeldBack)
            schedule(*client);
    }
}

void SseHub::schedule(Client &client)
{
    if (client.isDead || std::exchange(client.isScheduled, true))
        return;
    m_ready.push_back(&client);
}

void SseHub::turn(Client &client)
{
    for (qint64 budget = turnBytes; budget > 0;) {
        if (client.pending.isEmpty() && !fill(client))
            return;
        const auto before = client.written;
        if (!flush(client))
            return;
        budget -= client.pending.size() - before;
        client.pending.clear();
        client.written = 0;
        if (client.isLast)
            return close(client);
    }
    schedule(client);
}

/// False when there is nothing to write.
bool SseHub::fill(Client &client)
{
    auto block = client.feed->next(client.position);
    if (!block) {
        qCWarning(lcSse).noquote() << u"stream-failed error=\"%1\""_s.arg(block.error().message);
        close(client);
        return false;
    }
    if (block->bytes.isEmpty())
        return false;
    client.pending = std::move(block->bytes);
    client.written = 0;
    client.position.next = block->next;
    client.isLast = block->isLast;
    return true;
}

/// False when the socket took not all of it, or may not be given more now.
bool SseHub::flush(Client &client)
{
    while (client.written < client.pending.size()) {
        auto size = static_cast<size_t>(client.pending.size() - client.written);
        if (m_limits.streamRate > 0) {
            size = std::min(size, static_cast<size_t>(client.allowance));
            client.isHeldBack = size == 0;
            if (client.isHeldBack) { // the next tick goes on
                watch(client, false);
                return false;
            }
        }
        const auto sent = ::send(client.descriptor, client.pending.constData() + client.written, size, MSG_NOSIGNAL);
        if (sent > 0) {
            client.written += sent;
            client.allowance -= sent;
            client.progressAt = m_clock.steady();
        } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            watch(client, true);
            return false;
        } else if (sent < 0 && errno != EINTR) {
            close(client);
            return false;
        }
    }
    watch(client, false);
    return true;
}

void SseHub::watch(Client &client, bool writable)
{
    if (client.isBlocked == writable)
        return;
    client.isBlocked = writable;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    if (writable)
        event.events |= EPOLLOUT;
    event.data.ptr = &client;
    if (::epoll_ctl(m_epoll, EPOLL_CTL_MOD, client.descriptor, &event) != 0)
        close(client);
}

void SseHub::onReady(Client &client, uint32_t events)
{
    if (client.isDead)
        return;
    if (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))
        return close(client);
    if (events & EPOLLIN) {
        // A stream's client has nothing to say; what it says is thrown away, a little per turn.
        std::array<char, 4096> trash{};
        const auto got = ::recv(client.descriptor, trash.data(), trash.size(), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return close(client);
    }
    if (events & EPOLLOUT)
        schedule(client);
}

void SseHub::tick()
{
    m_nextTick = m_clock.steady() + tickInterval;
    const auto ticksPerBeat = std::max<quint64>(1, static_cast<quint64>(m_limits.heartbeat / tickInterval));
    ++m_tick;
    for (const auto &[key, client] : m_clients) {
        if (client->isDead)
            continue;
        // A quarter of a second's worth, never saved up: what a client was not given is not owed to it.
        client->allowance = std::max<qint64>(1, m_limits.streamRate * tickInterval.count() / 1000);
        if (std::exchange(client->isHeldBack, false)) {
            schedule(*client);
            continue;
        }
        if (client->isBlocked) {
            if (m_clock.steady() - client->progressAt >= m_limits.streamStallTime)
                close(*client);
        } else if (client->pending.isEmpty() && (client->number + m_tick) % ticksPerBeat == 0) {
            client->pending = protocol::encodeSseComment();
            schedule(*client);
        }
    }
}

void SseHub::close(Client &client)
{
    if (std::exchange(client.isDead, true))
        return;
    // Closing alone leaves it in the set while a child of this process is between fork and exec.
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, client.descriptor, nullptr);
    ::close(client.descriptor);
    --m_count;
    m_dead.push_back(&client);
}

void SseHub::bury()
{
    for (Client *client : std::exchange(m_dead, {})) {
        auto &list = client->group ? client->group->clients : m_eventClients;
        std::erase(list, client);
        if (client->group && list.empty())
            m_logs.erase(client->group->job.value());
        std::erase(m_ready, client);
        m_clients.erase(client);
    }
}

} // namespace danube::http
