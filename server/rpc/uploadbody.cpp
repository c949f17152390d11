// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/uploadbody.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

constexpr qsizetype writeBatch = 256 * 1024;

/// Counts bytes as long as it lives, whoever lets it go, in whatever thread.
class Unwritten
{
public:
    Unwritten(std::shared_ptr<std::atomic<qint64>> all, qint64 bytes) : m_all(std::move(all)), m_bytes(bytes)
    {
        *m_all += m_bytes;
    }
    ~Unwritten() { *m_all -= m_bytes; }
    Unwritten(const Unwritten &) = delete;
    Unwritten &operator=(const Unwritten &) = delete;

private:
    std::shared_ptr<std::atomic<qint64>> m_all;
    qint64 m_bytes;
};

Response artifactResponse(const Artifact &artifact)
{
    return jsonResponse({{u"artifact_id"_s, artifact.id.value()},
                         {u"name"_s, artifact.name},
                         {u"size_bytes"_s, qint64(toInt(artifact.size))},
                         {u"sha256"_s, QString::fromLatin1(artifact.sha256)}});
}

} // namespace

UploadBody::UploadBody(HandlerContext &context, const std::shared_ptr<Exchange> &exchange)
    : m_context(context),
      m_exchange(exchange),
      m_self(std::make_shared<UploadBody *>(this)),
      m_share(context.uploads, exchange->caller(), [this] { giveWay(); })
{}

UploadBody::~UploadBody()
{
    m_context.uploadExtra -= m_extra;
    if (m_upload)
        m_context.artifacts.abandon(*m_upload);
}

void UploadBody::start(const JobId &tokenJob, artifacts::UploadKey key, ByteCount offset)
{
    const bool isBehind = *m_context.unwritten > m_context.settings.uploadMemory + m_context.settings.uploadExtra;
    if (isBehind || !m_share.grow(m_context.settings.http2.streamWindow))
        return giveWay();
    const JobId job = key.job;
    m_context.backend.checkUpload(
        tokenJob, job, [self = std::weak_ptr(m_self), key = std::move(key), offset](const Result<void> &allowed) {
            const auto alive = self.lock();
            if (!alive)
                return;
            if (allowed)
                (*alive)->open(key, offset);
            else
                (*alive)->exchange()->refuse(allowed.error());
        });
}

// What came is in the file, or on its way there: the client goes on from what it is told.
void UploadBody::giveWay()
{
    m_pending = {};
    exchange()->refuse({ErrorCode::Unavailable, u"too many uploads at once; try again"_s});
}

void UploadBody::open(artifacts::UploadKey key, ByteCount offset)
{
    m_context.artifacts.begin(std::move(key), offset, m_context.home,
                              [self = std::weak_ptr(m_self), &store = m_context.artifacts](
                                  const artifacts::UploadResult<artifacts::UploadStart> &start) {
                                  if (const auto alive = self.lock())
                                      (*alive)->opened(start);
                                  else if (start && std::holds_alternative<artifacts::UploadId>(*start))
                                      store.abandon(std::get<artifacts::UploadId>(*start)); // opened for nobody
                              });
}

void UploadBody::opened(const artifacts::UploadResult<artifacts::UploadStart> &start)
{
    if (!start)
        return refuseUpload(*exchange(), start.error());
    if (const auto *artifact = std::get_if<Artifact>(&*start))
        return exchange()->respond(artifactResponse(*artifact));
    m_upload = std::get<artifacts::UploadId>(*start);
    exchange()->growWindow(window());
    sendPending();
}

// Half of what is left, so that something is.
int32_t UploadBody::window()
{
    const auto least = static_cast<int32_t>(m_context.settings.http2.streamWindow);
    const qint64 wanted = std::max(0, m_context.settings.uploadWindow - least);
    m_extra = static_cast<int32_t>(
        std::min(wanted, std::max<qint64>(0, (m_context.settings.uploadExtra - m_context.uploadExtra) / 2)));
    m_context.uploadExtra += m_extra;
    return least + m_extra;
}

void UploadBody::onBytes(QByteArrayView bytes)
{
    m_pending += bytes;
    sendPending();
}

void UploadBody::onEnd()
{
    m_hasEnded = true;
    sendPending();
}

// In batches while writes are under way, at once when none is: few writes for a fast peer, no waiting for a slow one.
void UploadBody::sendPending()
{
    if (!m_upload || m_isFinishing || exchange()->isAnswered())
        return;
    if (!m_pending.isEmpty() && (m_inFlight == 0 || m_hasEnded || m_pending.size() >= writeBatch)) {
        const auto size = m_pending.size();
        m_inFlight += size;
        m_context.artifacts.append(
            *m_upload, std::exchange(m_pending, {}), m_context.home,
            [self = std::weak_ptr(m_self), size, held = std::make_shared<Unwritten>(m_context.unwritten, size)](
                const artifacts::UploadResult<void> &result) {
                if (const auto alive = self.lock())
                    (*alive)->written(size, result);
            });
    }
    if (!m_hasEnded)
        return;
    m_isFinishing = true;
    auto answer = [weak = m_exchange](const artifacts::UploadResult<Artifact> &artifact) {
        const auto alive = weak.lock();
        if (alive && artifact)
            alive->respond(artifactResponse(*artifact));
        else if (alive)
            refuseUpload(*alive, artifact.error());
    };
    m_context.artifacts.finish(*m_upload, m_context.home, answer);
}

void UploadBody::written(qsizetype bytes, const artifacts::UploadResult<void> &result)
{
    m_inFlight -= bytes;
    exchange()->consume(static_cast<size_t>(bytes));
    if (result)
        sendPending();
    else
        refuseUpload(*exchange(), result.error());
}

} // namespace danube::rpc
