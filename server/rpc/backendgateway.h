// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/rpcbackend.h"
#include "shared/core/mailbox.h"

#include <map>
#include <vector>

namespace danube::rpc {

/// Carries calls from the rpc thread to the backend's thread and the answers back; only values cross. Answers run in
/// the receiver's thread, never when it is gone, and may capture values and weak pointers only.
class BackendGateway
{
public:
    template <class T> using Answer = std::move_only_function<void(Result<T>)>;

    BackendGateway(RpcBackend &backend, QObject *receiver); ///< in the receiver's thread

    void runStep(JobId tokenJob, protocol::RunStepRequest request, Answer<protocol::RunStepAnswer> answer);
    void getSecret(JobId tokenJob, protocol::GetSecretRequest request, Answer<QByteArray> answer);
    /// Reports of a job that come in one turn of the receiver's thread reach the backend as one, in which the later
    /// ones overwrite the earlier, and get the same answer: what it may refuse a report for, they have in common. Other
    /// calls do not overtake them.
    void reportStatus(const JobId &tokenJob, protocol::ReportStatusRequest request, Answer<QString> answer);
    void sourceBundle(JobId tokenJob, JobId job, Answer<QString> answer);
    void checkUpload(JobId tokenJob, JobId job, Answer<void> answer);

    // What the backend has at hand, without a way to its thread; nullopt: ask by the methods above.
    std::optional<QByteArray> secretAtHand(const JobId &tokenJob, const protocol::GetSecretRequest &request) const;
    /// Never while a report of the job is under way: it may be about to change the answer.
    std::optional<QString> statusAtHand(const JobId &tokenJob, const protocol::ReportStatusRequest &request) const;

private:
    template <class T, class Request>
    using Method = void (RpcBackend::*)(const JobId &, const Request &, RpcBackend::Done<T>);
    template <class T, class Request>
    void send(Method<T, Request> method, JobId tokenJob, Request request, Answer<T> answer);
    template <class T, class Request>
    void post(Method<T, Request> method, JobId tokenJob, Request request, Answer<T> answer);
    void sendReports();

    /// Of the job of one token.
    struct Reports
    {
        protocol::ReportStatusRequest gathered; ///< all of them together
        std::vector<Answer<QString>> answers;   ///< to those gathered; how many is bounded by the open calls
        int underWay = 0;                       ///< gathered or sent, and not answered
    };

    RpcBackend &m_backend;
    Mailbox m_toBackend;
    Mailbox m_toReceiver;
    std::map<JobId, Reports> m_reports; ///< where some are under way
    std::vector<JobId> m_gathered;      ///< whose are to be sent
};

} // namespace danube::rpc
