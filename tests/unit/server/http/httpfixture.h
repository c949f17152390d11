// SPDX-License-Identifier: GPL-3.0-or-later
// A real HttpServer on loopback over fakes with behaviour: a store in memory, logs that grow, a backend that answers.
#pragma once

#include "server/http/httpserver.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <mutex>

namespace danube::test {

using namespace Qt::StringLiterals;

class FakeStore final : public store::Store
{
public:
    void insertJob(const Job &, QObject *, store::Done<Job>) override {}
    void updateJob(const Job &, QObject *, store::Done<void>) override {}
    Result<Job> job(const JobId &id) const override
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_jobs.constFind(id);
        return found == m_jobs.cend() ? Result<Job>(fail(ErrorCode::NotFound, u"no job has this id"_s)) : *found;
    }
    Result<QList<Job>> unfinishedJobs() const override { return QList<Job>(); }
    Result<store::JobPage> jobs(const store::JobFilter &filter, int limit, const QString &cursor) const override
    {
        if (!cursor.isEmpty() && cursor.toInt() <= 0)
            return fail(ErrorCode::InvalidArgument, u"cursor: not one of ours"_s);
        const std::scoped_lock lock(m_mutex);
        lastFilter = filter;
        store::JobPage page;
        auto all = m_jobs.values();
        std::ranges::sort(all, std::greater(), &Job::number);
        for (const Job &job : std::as_const(all)) {
            if (!cursor.isEmpty() && job.number >= cursor.toInt())
                continue;
            if (page.jobs.size() == limit) {
                page.nextCursor = QString::number(page.jobs.last().number);
                break;
            }
            page.jobs.append(job);
        }
        return page;
    }
    void insertStep(const Step &, QObject *, store::Done<void>) override {}
    void updateStep(const Step &, QObject *, store::Done<void>) override {}
    Result<QList<Step>> steps(const JobId &job) const override { return stepsOf.value(job); }
    void insertGrant(const JobId &, const QString &, QObject *, store::Done<void>) override {}
    Result<QStringList> grants(const JobId &) const override { return QStringList(); }
    void insertArtifact(const Artifact &, QObject *, store::Done<void>) override {}
    Result<QList<Artifact>> artifacts(const JobId &job) const override
    {
        QList<Artifact> found;
        for (const Artifact &each : artifactList) {
            if (each.job == job)
                found.append(each);
        }
        return found;
    }
    Result<Artifact> artifact(const ArtifactId &id) const override
    {
        const auto found = std::ranges::find(artifactList, id, &Artifact::id);
        return found == artifactList.end() ? Result<Artifact>(fail(ErrorCode::NotFound, u"no artifact has this id"_s))
                                           : *found;
    }
    Result<void> close(milliseconds) override { return {}; }
    int queuedWrites() const override { return 0; }

    void put(const Job &job)
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.insert(job.id, job);
    }

    QMap<JobId, QList<Step>> stepsOf;
    QList<Artifact> artifactList;
    mutable store::JobFilter lastFilter;

private:
    mutable std::mutex m_mutex;
    QMap<JobId, Job> m_jobs;
};

/// One job's log in memory, written by the test and read by the server's threads.
struct FakeLog
{
    std::mutex mutex;
    QByteArray bytes;
    QList<logs::LogRun> runs;
    std::optional<logs::LogSeal> seal;
    quint32 generation = 1;

    /// `text` as printed: split into lines, an unfinished one gets a synthetic newline.
    void print(StepNumber step, LogStream stream, const QByteArray &text)
    {
        const std::scoped_lock lock(mutex);
        const bool isWhole = text.endsWith('\n');
        const auto tail = text.lastIndexOf('\n') + 1;
        if (tail > 0)
            append(step, stream, text.first(tail), false);
        if (!isWhole)
            append(step, stream, text.sliced(tail) + '\n', true);
    }
    void close()
    {
        const std::scoped_lock lock(mutex);
        seal = logs::LogSeal{bytes.size(), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()};
    }

private:
    void append(StepNumber step, LogStream stream, const QByteArray &stored, bool synthetic)
    {
        runs.append({bytes.size(), stored.size(), WallTime(milliseconds(1'700'000'000'000 + bytes.size())), step,
                     stream, synthetic, 0});
        bytes.append(stored);
    }
};

class FakeLogReader final : public logs::LogReader
{
public:
    explicit FakeLogReader(std::shared_ptr<FakeLog> log) : m_log(std::move(log)) { (void)FakeLogReader::refresh(); }
    Result<void> refresh() override
    {
        const std::scoped_lock lock(m_log->mutex);
        m_size = m_log->bytes.size();
        m_runs = m_log->runs;
        m_seal = m_log->seal;
        return {};
    }
    qint64 size() const override { return m_size; }
    quint32 generation() const override { return m_log->generation; }
    std::optional<logs::LogSeal> seal() const override { return m_seal; }
    Result<QByteArray> read(qint64 offset, qint64 maxLength) const override
    {
        const std::scoped_lock lock(m_log->mutex);
        return m_log->bytes.mid(offset, std::min(maxLength, m_size - offset));
    }
    Result<QList<logs::LogRun>> runs(qint64 offset, qint64 maxBytes) const override
    {
        QList<logs::LogRun> found;
        qint64 covered = 0;
        auto run = std::ranges::upper_bound(m_runs, offset, {},
                                            [](const logs::LogRun &each) { return each.offset + each.length; });
        for (; run != m_runs.end() && covered < maxBytes; ++run) {
            found.append(*run);
            covered += run->length;
        }
        return found;
    }
    Result<Extract> extract(const logs::LogSelection &, qint64) const override { return Extract{}; }

private:
    std::shared_ptr<FakeLog> m_log;
    qint64 m_size = 0;
    QList<logs::LogRun> m_runs;
    std::optional<logs::LogSeal> m_seal;
};

class FakeLogs
{
public:
    std::shared_ptr<FakeLog> make(const JobId &job)
    {
        const std::scoped_lock lock(m_mutex);
        return m_logs[job] = std::make_shared<FakeLog>();
    }
    Result<std::unique_ptr<logs::LogReader>> open(const JobId &job)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_logs.contains(job))
            return fail(ErrorCode::NotFound, u"the job has no log"_s);
        return std::make_unique<FakeLogReader>(m_logs.value(job));
    }

private:
    std::mutex m_mutex;
    QMap<JobId, std::shared_ptr<FakeLog>> m_logs;
};

inline Job jobOf(const QString &id)
{
    Job job;
    job.id = JobId(id);
    return job;
}

class FakeBackend final : public http::HttpBackend
{
public:
    void trigger(const jobs::TriggerRequest &request, QObject *context, Done done) override
    {
        lastTrigger = request;
        answerLater(context, std::move(done), triggerAnswer);
    }
    void cancel(const JobId &job, const Principal &, QObject *context, Done done) override
    {
        answerLater(context, std::move(done), changeAnswer.value_or(jobOf(job.value())));
    }
    void retry(const JobId &job, const Principal &, QObject *context, Done done) override
    {
        Job again = jobOf(u"retried"_s);
        again.retryOf = job;
        answerLater(context, std::move(done), changeAnswer.value_or(again));
    }
    bool isDraining() const override { return draining; }
    jobs::Engine::Counts counts() const override { return {3, 2}; }
    QMap<QString, Result<void>> readiness() const override { return checks; }
    Result<std::unique_ptr<QFile>> openArtifact(const Artifact &artifact) override
    {
        auto file = std::make_unique<QFile>(directory.filePath(artifact.id.value()));
        if (!file->open(QIODevice::ReadOnly))
            return fail(ErrorCode::NotFound, u"the content is gone"_s);
        return file;
    }

    jobs::TriggerRequest lastTrigger;
    Result<Job> triggerAnswer = jobOf(u"j0000000000000new"_s);
    std::optional<Result<Job>> changeAnswer;
    QMap<QString, Result<void>> checks{{u"store"_s, {}}};
    QTemporaryDir directory;
    bool draining = false;
    bool silent = false; ///< never answers

private:
    void answerLater(QObject *context, Done done, Result<Job> answer)
    {
        if (silent)
            return kept.push_back(std::move(done));
        QMetaObject::invokeMethod(
            context, [call = std::make_shared<Done>(std::move(done)), answer] { (*call)(answer); },
            Qt::QueuedConnection);
    }
    std::vector<Done> kept;
};

/// QTest::qWaitFor without its sleeps: the event loop both sides share wakes it.
template <class Condition> bool waitUntil(Condition condition, int timeout = 5000)
{
    QTimer wake;
    wake.start(20);
    const QDeadlineTimer deadline(timeout);
    while (!condition() && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return condition();
}

/// A client that writes any bytes, by the event loop both sides share.
class RawClient
{
public:
    explicit RawClient(quint16 port)
    {
        m_socket.connectToHost(QHostAddress::LocalHost, port);
        QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket, [this] { received += m_socket.readAll(); });
    }
    ~RawClient() { m_socket.disconnect(); }
    bool connected()
    {
        return waitUntil([this] { return m_socket.state() == QAbstractSocket::ConnectedState; });
    }
    void send(const QByteArray &bytes) { m_socket.write(bytes); }
    bool closedByServer(int timeout = 5000)
    {
        return waitUntil([this] { return m_socket.state() == QAbstractSocket::UnconnectedState; }, timeout);
    }
    bool waitFor(const QByteArray &part, int timeout = 5000)
    {
        return waitUntil([&] { return received.contains(part); }, timeout);
    }
    /// Waits for `count` whole answers with Content-Length; their status lines' codes.
    QList<int> answers(int count, int timeout = 5000)
    {
        (void)waitUntil(
            [&] { return statuses().size() >= count || m_socket.state() == QAbstractSocket::UnconnectedState; },
            timeout);
        return statuses();
    }
    QTcpSocket &socket() { return m_socket; }
    QByteArray received;

private:
    QList<int> statuses() const
    {
        QList<int> found;
        for (qsizetype at = 0; received.sliced(at).startsWith("HTTP/1.1 ");) {
            const auto end = received.indexOf("\r\n\r\n", at);
            if (end < 0)
                break;
            const QByteArray head = received.sliced(at, end - at).toLower();
            const auto length = head.indexOf("content-length: ");
            const qsizetype body = length < 0 ? 0 : head.sliced(length + 16).split('\r').first().toLongLong();
            if (received.size() < end + 4 + body)
                break;
            found.append(received.sliced(at + 9, 3).toInt());
            at = end + 4 + body;
        }
        return found;
    }
    QTcpSocket m_socket;
};

struct HttpAnswer
{
    int status = 0;
    QMap<QByteArray, QByteArray> headers; ///< lower-case names
    QByteArray body;
    QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

class HttpFixture
{
public:
    static constexpr auto token = "0123456789abcdef0123456789abcdef";

    explicit HttpFixture(http::HttpLimits limits = {})
        : server({clock, store, pipelines, backend, gate, metrics, [this](const JobId &job) { return logs.open(job); }},
                 limits)
    {
        if (!server.start())
            qFatal("the server did not start");
        port = server.bind(QHostAddress::LocalHost, 0).value();
    }

    static QByteArray get(const QByteArray &target, const QByteArray &more = {})
    {
        return request("GET", target, more);
    }
    static QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &more = {},
                              const QByteArray &body = {})
    {
        const QByteArray length =
            body.isEmpty() ? QByteArray() : "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
        return method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" +
               length + more + "\r\n" + body;
    }
    /// One whole exchange on a connection of its own.
    HttpAnswer ask(const QByteArray &bytes)
    {
        RawClient client(port);
        QByteArray closing = bytes;
        closing.insert(closing.indexOf("\r\n") + 2, "Connection: close\r\n");
        client.send(closing);
        if (!client.closedByServer(10'000))
            return {};
        return parse(client.received);
    }
    static HttpAnswer parse(const QByteArray &bytes)
    {
        HttpAnswer answer;
        const auto end = bytes.indexOf("\r\n\r\n");
        const auto lines = bytes.first(std::max<qsizetype>(end, 0)).split('\n');
        answer.status = lines.value(0).mid(9, 3).toInt();
        for (const QByteArray &line : lines.mid(1)) {
            const auto colon = line.indexOf(':');
            answer.headers.insert(line.first(std::max<qsizetype>(colon, 0)).toLower(),
                                  line.sliced(colon + 1).trimmed());
        }
        answer.body = bytes.mid(end + 4);
        if (answer.headers.value("transfer-encoding") == "chunked")
            answer.body = unchunk(answer.body);
        return answer;
    }
    static QByteArray unchunk(const QByteArray &bytes)
    {
        QByteArray out;
        for (qsizetype at = 0;;) {
            const auto end = bytes.indexOf("\r\n", at);
            const auto size = bytes.mid(at, end - at).toLongLong(nullptr, 16);
            if (end < 0 || size == 0)
                return out;
            out += bytes.sliced(end + 2, size);
            at = end + 2 + size + 2;
        }
    }
    Job addJob(const QString &id, JobState state = JobState::Running)
    {
        Job job;
        job.id = JobId(id);
        job.number = ++m_jobCount;
        job.pipeline = u"demo"_s;
        job.state = state;
        store.put(job);
        return job;
    }
    void end(Job &job, FakeLog *log, JobState state = JobState::Success)
    {
        job.state = state;
        store.put(job);
        if (log)
            log->close();
        server.jobChanged(job);
    }

    SystemClock clock;
    FakeStore store;
    FakeLogs logs;
    blueprint::PipelineCatalog pipelines;
    FakeBackend backend;
    auth::AuthGate gate = auth::AuthGate::withToken(Secret(token), auth::MetricsAccess::Bearer);
    metrics::Metrics metrics;
    http::HttpServer server;
    quint16 port = 0;

private:
    int m_jobCount = 0;
};

} // namespace danube::test
