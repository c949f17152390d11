// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/logline.h"
#include "shared/protocol/restmessages.h"
#include "shared/protocol/routes.h"
#include "tests/support/fakestream.h"

namespace danube::tests {

/// A master as its clients see it: REST and SSE from values the test sets, with the faults a network has. Lives in the
/// test's thread and needs its event loop.
class FakeMaster : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<FakeReply(const FakeRequest &)>;

    explicit FakeMaster(QObject *parent = nullptr);

    QUrl url() const { return m_server.url(); }
    FakeHttpServer &server() { return m_server; } ///< to close connections, refuse, listen again
    const QList<FakeRequest> &requests() const { return m_requests; }
    void forgetRequests() { m_requests.clear(); }
    int count(const QByteArray &method, const QString &path) const; ///< requests so far

    /// Replaces what one path answers, whatever the state below says.
    void on(const QByteArray &method, const QString &path, Answer answer);
    /// Answers everything with this problem (401, 503, …) until called with nullopt.
    void refuseAll(std::optional<int> status) { m_refusal = status; }
    void requireToken(const QByteArray &token) { m_token = token; } ///< else 401

    // State. Changes of jobs and steps are also published on the event stream.
    void setPipelines(QList<Pipeline> pipelines) { m_pipelines = std::move(pipelines); }
    void setJob(const Job &job);
    void setStep(const JobId &job, const Step &step);
    void addArtifact(const Artifact &artifact, const QByteArray &content);
    /// One whose content is made while it is sent; its size is the artifact's.
    void addArtifact(const Artifact &artifact, const std::function<QByteArray(qint64 from, qint64 most)> &bytes);
    /// How the next answers with such a content end early, each at an offset in the content.
    struct EarlyEnd
    {
        qint64 at = 0;
        bool hold = false; ///< the connection stays, but nothing comes
    };
    QList<EarlyEnd> earlyEnds;
    std::optional<Job> job(const JobId &id) const;
    /// What POST run does with the new pending job; default: stores it.
    std::function<void(const Job &)> onRun;
    std::function<void(const JobId &)> onCancel; ///< default: the job becomes cancelled

    FakeStream &events() { return m_events; }
    FakeStream &log(const JobId &job); ///< made when first asked for
    /// Appends a line at the right offset, newline by the step itself unless `eol` is false.
    void print(const JobId &job, StepNumber step, const QByteArray &line, LogStream stream = LogStream::Stdout,
               bool eol = true, WallTime time = WallTime(milliseconds(1'750'000'000'000)));
    /// The `end` event; the stream is closed and later resumes get 204.
    void endLog(const JobId &job, JobState state);
    QByteArray logBytes(const JobId &job) const { return m_logBytes.value(job); } ///< the masked file

private:
    void handle(const FakeRequest &request, FakeConnection &connection);
    FakeReply answer(const FakeRequest &request);
    FakeReply answerRoute(protocol::RouteId route, const QStringList &values, const FakeRequest &request);
    FakeReply answerJobs(const FakeRequest &request) const;
    FakeReply answerJob(const JobId &id) const;
    FakeReply answerRun(const QString &pipeline, const FakeRequest &request);
    FakeReply answerCancel(const JobId &id);
    FakeReply answerRetry(const JobId &id);
    FakeReply answerArtifact(const ArtifactId &id, const FakeRequest &request);
    Job newJob(const QString &pipeline);

    FakeHttpServer m_server;
    QList<FakeRequest> m_requests;
    QMap<std::pair<QByteArray, QString>, Answer> m_answers;
    std::optional<int> m_refusal;
    QByteArray m_token;
    QList<Pipeline> m_pipelines;
    QMap<JobId, Job> m_jobs;
    QMap<JobId, QList<Step>> m_steps;
    struct Kept
    {
        Artifact artifact;
        qint64 size = 0; ///< of the content
        std::function<QByteArray(qint64 from, qint64 most)> bytes;
        bool isMade = false;
    };
    QList<Kept> m_artifacts;
    FakeStream m_events;
    std::map<JobId, std::unique_ptr<FakeStream>> m_logs;
    QMap<JobId, QByteArray> m_logBytes;
    int m_sequence = 0;
};

} // namespace danube::tests
