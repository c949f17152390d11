// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/handlers.h"

namespace danube::rpc {

/// Streams one upload's body to the artifact store. The peer's window reopens only by what is in the file, so the disk
/// sets the pace. When the stream goes, what came stays for a later offset.
class UploadBody final : public BodyHandler
{
public:
    UploadBody(HandlerContext &context, const std::shared_ptr<Exchange> &exchange);
    ~UploadBody() override;

    /// Asks whether the job may, then opens the upload. Once.
    void start(const JobId &tokenJob, artifacts::UploadKey key, ByteCount offset);

    void onBytes(QByteArrayView bytes) override;
    void onEnd() override;
    bool isWaitingForPeer() const override { return m_upload && m_inFlight == 0 && m_pending.isEmpty() && !m_hasEnded; }
    bool isOpenEnded() const override { return true; }

private:
    void open(artifacts::UploadKey key, ByteCount offset);
    void opened(const artifacts::UploadResult<artifacts::UploadStart> &start);
    void written(qsizetype bytes, const artifacts::UploadResult<void> &result);
    void sendPending();
    void giveWay();
    int32_t window();
    std::shared_ptr<Exchange> exchange() const { return m_exchange.lock(); } ///< owns this: never null in a method

    HandlerContext &m_context;
    std::weak_ptr<Exchange> m_exchange;
    std::shared_ptr<UploadBody *> m_self; ///< answers of the store hold it weakly: the body may be gone by then
    std::optional<artifacts::UploadId> m_upload;
    QByteArray m_pending;        ///< bytes not yet given to the store
    qsizetype m_inFlight = 0;    ///< bytes given and not yet written
    SharedMemory::Share m_share; ///< the window it began with
    int32_t m_extra = 0;         ///< bytes of window beyond that
    bool m_hasEnded = false;
    bool m_isFinishing = false;
};

void refuseUpload(Exchange &exchange, const artifacts::UploadError &refused);

} // namespace danube::rpc
