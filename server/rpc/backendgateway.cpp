// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/backendgateway.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

/// Brings one answer home; destroyed without one, it brings Unavailable, so that no stream waits for ever.
template <class T> class ReturnSlip
{
public:
    ReturnSlip(Mailbox home, BackendGateway::Answer<T> answer) : m_home(std::move(home)), m_answer(std::move(answer)) {}
    ReturnSlip(ReturnSlip &&other) noexcept
        : m_home(std::move(other.m_home)), m_answer(std::exchange(other.m_answer, nullptr))
    {}
    ReturnSlip &operator=(ReturnSlip &&) = delete;
    ~ReturnSlip()
    {
        if (m_answer)
            (*this)(fail(ErrorCode::Unavailable, u"the master dropped the call"_s));
    }

    void operator()(Result<T> result)
    {
        m_home.post([answer = std::exchange(m_answer, nullptr), result = std::move(result)]() mutable {
            answer(std::move(result));
        });
    }

private:
    Mailbox m_home;
    BackendGateway::Answer<T> m_answer;
};

/// Whether the backend refuses both or none: it looks at the caller, the job, and the state asked for.
bool areJudgedAlike(const protocol::ReportStatusRequest &one, const protocol::ReportStatusRequest &other)
{
    return one.job == other.job && one.state == other.state;
}

void overwrite(protocol::ReportStatusRequest &earlier, protocol::ReportStatusRequest &&later)
{
    if (later.message)
        earlier.message = std::move(later.message);
    if (later.progress)
        earlier.progress = later.progress;
}

} // namespace

BackendGateway::BackendGateway(RpcBackend &backend, QObject *receiver)
    : m_backend(backend), m_toBackend(&backend), m_toReceiver(receiver)
{}

template <class T, class Request>
void BackendGateway::send(Method<T, Request> method, JobId tokenJob, Request request, Answer<T> answer)
{
    sendReports();
    post(method, std::move(tokenJob), std::move(request), std::move(answer));
}

template <class T, class Request>
void BackendGateway::post(Method<T, Request> method, JobId tokenJob, Request request, Answer<T> answer)
{
    m_toBackend.post([backend = &m_backend, method, tokenJob = std::move(tokenJob), request = std::move(request),
                      slip = ReturnSlip<T>(m_toReceiver, std::move(answer))]() mutable {
        (backend->*method)(tokenJob, request, std::move(slip));
    });
}

void BackendGateway::runStep(JobId tokenJob, protocol::RunStepRequest request, Answer<protocol::RunStepAnswer> answer)
{
    send(&RpcBackend::runStep, std::move(tokenJob), std::move(request), std::move(answer));
}

void BackendGateway::getSecret(JobId tokenJob, protocol::GetSecretRequest request, Answer<QByteArray> answer)
{
    send(&RpcBackend::getSecret, std::move(tokenJob), std::move(request), std::move(answer));
}

void BackendGateway::reportStatus(const JobId &tokenJob, protocol::ReportStatusRequest request, Answer<QString> answer)
{
    Reports &reports = m_reports[tokenJob];
    if (!reports.answers.empty() && !areJudgedAlike(reports.gathered, request))
        sendReports();
    if (reports.answers.empty()) {
        ++reports.underWay;
        reports.gathered = std::move(request);
        if (m_gathered.empty())
            m_toReceiver.post([this] { sendReports(); });
        m_gathered.push_back(tokenJob);
    } else
        overwrite(reports.gathered, std::move(request));
    reports.answers.push_back(std::move(answer));
}

void BackendGateway::sendReports()
{
    for (const JobId &tokenJob : std::exchange(m_gathered, {})) {
        Reports &reports = m_reports[tokenJob];
        // The answer runs in the receiver's thread and only while the receiver, which owns this, is there.
        post(
            &RpcBackend::reportStatus, tokenJob, std::move(reports.gathered),
            Answer<QString>([this, tokenJob, answers = std::exchange(reports.answers, {})](const auto &result) mutable {
                if (const auto found = m_reports.find(tokenJob); --found->second.underWay == 0)
                    m_reports.erase(found);
                for (auto &answer : answers)
                    answer(result);
            }));
    }
}

void BackendGateway::sourceBundle(JobId tokenJob, JobId job, Answer<QString> answer)
{
    send(&RpcBackend::sourceBundle, std::move(tokenJob), std::move(job), std::move(answer));
}

void BackendGateway::checkUpload(JobId tokenJob, JobId job, Answer<void> answer)
{
    send(&RpcBackend::checkUpload, std::move(tokenJob), std::move(job), std::move(answer));
}

std::optional<QByteArray> BackendGateway::secretAtHand(const JobId &tokenJob,
                                                       const protocol::GetSecretRequest &request) const
{
    return m_backend.secretAtHand(tokenJob, request);
}

std::optional<QString> BackendGateway::statusAtHand(const JobId &tokenJob,
                                                    const protocol::ReportStatusRequest &request) const
{
    return m_reports.contains(tokenJob) ? std::nullopt : m_backend.statusAtHand(tokenJob, request);
}

} // namespace danube::rpc
