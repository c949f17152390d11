// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/rpcmessages.h"

#include <QObject>

namespace danube::rpc {

/// What the RPC edge asks of the rest of the master; server/app adapts it to the engine, tests script it. Methods are
/// called in this object's own thread, and `done` is to be called there, at once or hours later, at most once; one that
/// is destroyed uncalled answers Unavailable. A caller that went away is no reason to stop what it asked for: its
/// answer is dropped on the way back. Must outlive the RpcServer.
///
/// `tokenJob` is the job the caller's token belongs to (or the job it names, where tokens are not required). Errors, in
/// this order: PermissionDenied when it is not the request's job, NotFound when the job ended or never was,
/// PermissionDenied for a secret that is missing or not granted (the same text for both), Conflict for an illegal
/// transition or a request id with another body; Unavailable while draining.
class RpcBackend : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;

    virtual void runStep(const JobId &tokenJob, const protocol::RunStepRequest &request,
                         Done<protocol::RunStepAnswer> done) = 0;
    virtual void getSecret(const JobId &tokenJob, const protocol::GetSecretRequest &request, Done<QByteArray> done) = 0;
    /// The status to answer, such as "running".
    virtual void reportStatus(const JobId &tokenJob, const protocol::ReportStatusRequest &request,
                              Done<QString> done) = 0;
    /// Path of a finished git bundle, which stays as long as the job runs.
    virtual void sourceBundle(const JobId &tokenJob, const JobId &job, Done<QString> done) = 0;
    /// Whether the job may upload; asked before the first byte of the body is taken.
    virtual void checkUpload(const JobId &tokenJob, const JobId &job, Done<void> done) = 0;

    // Any thread, at any time: what the methods above would answer at once and without any effect. nullopt: ask them.
    virtual std::optional<QByteArray> secretAtHand(const JobId & /*tokenJob*/,
                                                   const protocol::GetSecretRequest & /*request*/) const
    {
        return std::nullopt;
    }
    virtual std::optional<QString> statusAtHand(const JobId & /*tokenJob*/,
                                                const protocol::ReportStatusRequest & /*request*/) const
    {
        return std::nullopt;
    }
};

} // namespace danube::rpc
