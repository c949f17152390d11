// SPDX-License-Identifier: GPL-3.0-or-later
// A real HttpServer on loopback over fakes with behaviour: a store in memory, a backend that answers; the logs are
// real.
#pragma once

#include "server/http/httpserver.h"
#include "server/logs/filelogwriter.h"

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
    void updateJobReport(const Job &, QObject *, store::Done<void>) override {}
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
    Result<QList<Artifact>> artifactsBefore(WallTime, int) const override { return QList<Artifact>(); }
    void removeArtifacts(const QList<ArtifactId> &, QObject *, store::Done<void>) override {}
    void saveRefusals(const QList<EgressRefusal> &, QObject *, store::Done<void>) override {}
    Result<QList<EgressRefusal>> refusals(const JobId &) const override { return QList<EgressRefusal>(); }
    Result<QList<EgressRefusal>> refusals(const store::RefusalFilter &) const override
    {
        return QList<EgressRefusal>();
    }
    Result<Artifact> artifact(const ArtifactId &id) const override
    {
        const auto found = std::ranges::find(artifactList, id, &Artifact::id);
        return found == artifactList.end() ? Result<Artifact>(fail(ErrorCode::NotFound, u"no artifact has this id"_s))
                                           : *found;
    }
    void saveCronMark(const store::CronMark &, QObject *, store::Done<void>) override {}
    void removeCronMark(const store::CronMark &, QObject *, store::Done<void>) override {}
    Result<QList<store::CronMark>> cronMarks() const override { return QList<store::CronMark>(); }
    void saveJobEgress(const JobId &, const JobEgress &, QObject *, store::Done<void>) override {}
    Result<std::optional<JobEgress>> jobEgress(const JobId &job) const override
    {
        const auto found = egressOf.constFind(job);
        return found == egressOf.cend() ? std::optional<JobEgress>() : *found;
    }
    Result<void> close(milliseconds) override { return {}; }
    int queuedWrites() const override { return 0; }
    store::WriteCounts writeCounts() const override { return {}; }

    void put(const Job &job)
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.insert(job.id, job);
    }

    QMap<JobId, QList<Step>> stepsOf;
    QMap<JobId, JobEgress> egressOf;
    QList<Artifact> artifactList;
    mutable store::JobFilter lastFilter;

private:
    mutable std::mutex m_mutex;
    QMap<JobId, Job> m_jobs;
};

/// One job's real log on disk, written by the test.
class TestLog
{
public:
    TestLog(QString directory, JobId job) : m_directory(std::move(directory)), m_job(std::move(job)) { open(); }

    /// `text` as printed; an unfinished line becomes a fragment with a synthetic newline.
    void print(StepNumber step, LogStream stream, const QByteArray &text)
    {
        uint64_t &offset = m_offsets[{toInt(step), static_cast<int>(stream)}];
        check(m_writer->append(step, stream, offset, text, m_clock.wall()));
        offset += static_cast<uint64_t>(text.size());
        if (!text.endsWith('\n'))
            check(m_writer->endStep(step));
    }
    logs::LogSeal close()
    {
        const auto seal = m_writer->seal();
        check(seal.transform([](const logs::LogSeal &) {}));
        return *seal;
    }
    qint64 size() const { return m_writer->size(); }
    /// What a crash does: the last `bytes` never reached the disk, and the next master opens what is there.
    void crash(qint64 bytes)
    {
        check(m_writer->sync());
        m_writer.reset();
        QFile file(m_directory + u'/' + m_job.value() + u".log"_s);
        if (!file.resize(file.size() - bytes))
            qFatal("cannot cut the log");
        open();
    }

private:
    void open()
    {
        auto opened = logs::FileLogWriter::open(m_directory, m_job, m_clock);
        if (!opened)
            qFatal("cannot open the log: %s", qPrintable(opened.error().message));
        m_writer = std::move(*opened);
    }
    static void check(const Result<void> &result)
    {
        if (!result)
            qFatal("the log failed: %s", qPrintable(result.error().message));
    }
    QString m_directory;
    JobId m_job;
    SystemClock m_clock;
    std::unique_ptr<logs::FileLogWriter> m_writer;
    QMap<std::pair<uint32_t, int>, uint64_t> m_offsets;
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

    /// `fake` = the server's clock, when it is not to be the system's.
    explicit HttpFixture(http::HttpLimits limits = {}, const Clock *fake = nullptr)
        : server({fake ? *fake : clock, store, pipelines, backend, gate, metrics,
                  [this](const JobId &job) { return logs::LogReader::open(logs.path(), job); }},
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
    std::shared_ptr<TestLog> makeLog(const Job &job) { return std::make_shared<TestLog>(logs.path(), job.id); }
    void end(Job &job, TestLog *log, JobState state = JobState::Success)
    {
        job.state = state;
        store.put(job);
        if (log)
            log->close();
        server.jobChanged(job);
    }

    SystemClock clock;
    FakeStore store;
    QTemporaryDir logs;
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
