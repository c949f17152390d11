// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logfiles.h"

#include "server/logs/crc32c.h"

#include <QFileInfo>

#include <openssl/evp.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr qint64 readBlock = 1024 * 1024;
constexpr qint64 hashedAtOnce = 2 * readBlock;

} // namespace

void LogFiles::FreeDigest::operator()(EVP_MD_CTX *digest) const
{
    EVP_MD_CTX_free(digest);
}

LogFiles::LogFiles(AppendFile log, AppendFile index, RecoveredLog recovered)
    : m_log(std::move(log)),
      m_index(std::move(index)),
      m_recovered(std::move(recovered)),
      m_size(m_recovered.size),
      m_indexSize(m_recovered.indexSize),
      m_durableSize(m_size),
      m_durableIndexSize(m_indexSize),
      m_digest(EVP_MD_CTX_new())
{
    EVP_DigestInit_ex(m_digest.get(), EVP_sha256(), nullptr);
}

LogFiles::~LogFiles() = default;

Result<std::unique_ptr<LogFiles>> LogFiles::open(const QString &directory, const JobId &job, WallTime now,
                                                 FileCalls &calls)
{
    if (!isSafeId(job.value()))
        return fail(ErrorCode::InvalidArgument, u"open log: '%1' is no job id"_s.arg(job.value()));
    const LogPaths paths = logPaths(directory, job);
    if (QFileInfo::exists(paths.seal))
        return fail(ErrorCode::Conflict, u"the log of job %1 is sealed"_s.arg(job.value()));
    auto log = AppendFile::open(paths.log, AppendFile::Mode::Create, calls);
    if (!log)
        return std::unexpected(log.error());
    auto index = AppendFile::open(paths.index, AppendFile::Mode::Create, calls);
    if (!index)
        return std::unexpected(index.error());
    auto recovered = recoverLog(*log, *index, job, currentBoot(), now);
    if (!recovered)
        return std::unexpected(recovered.error().in(u"recover the log of job %1"_s.arg(job.value())));
    if (auto named = syncDirectory(directory); !named)
        return std::unexpected(named.error());
    return std::unique_ptr<LogFiles>(new LogFiles(std::move(*log), std::move(*index), std::move(*recovered)));
}

Result<void> LogFiles::append(IndexRecord record, QByteArrayView bytes)
{
    record.offset = static_cast<quint64>(m_size);
    record.length = static_cast<quint32>(bytes.size());
    record.dataCheck = crc32c(bytes);
    const qint64 unsyncedIndex = m_indexSize - m_durableIndexSize;
    if (unsyncedBytes() + bytes.size() > mostUnsynced || unsyncedIndex + indexRecordSize > mostUnsynced) {
        if (auto synced = sync(); !synced)
            return synced;
    }
    // At our own offsets: what a failed attempt left behind is overwritten by the next.
    auto written =
        m_log.writeAt(m_size, bytes).and_then([&] { return m_index.writeAt(m_indexSize, encodeRecord(record)); });
    if (!written) {
        std::ignore = m_index.truncate(m_indexSize); // so that no reader takes half a record for the end; may fail too
        return written;
    }
    if (m_hashed == m_size) {
        EVP_DigestUpdate(m_digest.get(), bytes.data(), static_cast<size_t>(bytes.size()));
        m_hashed += bytes.size();
    }
    m_size += bytes.size();
    m_indexSize += indexRecordSize;
    return {};
}

Result<void> LogFiles::sync()
{
    if (isSynced())
        return {};
    auto done = m_rewrite ? rewriteUnsynced() : Result<void>();
    done = done.and_then([this] { return m_log.sync(); }).and_then([this] { return m_index.sync(); });
    m_rewrite = !done;
    if (done) {
        m_durableSize = m_size;
        m_durableIndexSize = m_indexSize;
    }
    return done;
}

Result<void> LogFiles::rewriteUnsynced()
{
    for (qint64 at = m_durableIndexSize; at < m_indexSize; at += indexRecordSize) {
        const auto record = m_index.readAt(at, indexRecordSize);
        const auto decoded = record.transform([](const QByteArray &bytes) { return decodeRecord(bytes); });
        if (!decoded || !*decoded)
            return fail(ErrorCode::DataLoss, u"sync %1: an unsynced record was lost"_s.arg(m_index.path()));
        const auto bytes = m_log.readAt(static_cast<qint64>((*decoded)->offset), (*decoded)->length);
        if (!bytes || crc32c(*bytes) != (*decoded)->dataCheck)
            return fail(ErrorCode::DataLoss, u"sync %1: unsynced bytes were lost"_s.arg(m_log.path()));
        auto written = m_log.writeAt(static_cast<qint64>((*decoded)->offset), *bytes).and_then([&] {
            return m_index.writeAt(at, *record);
        });
        if (!written)
            return written;
    }
    return {};
}

void LogFiles::hashSome()
{
    std::ignore = hashUpTo(std::min(m_size, m_hashed + hashedAtOnce)); // what cannot be read is told at the seal
}

Result<void> LogFiles::hashUpTo(qint64 end)
{
    while (m_hashed < end) {
        const auto block = m_log.readAt(m_hashed, std::min(readBlock, end - m_hashed));
        if (!block)
            return std::unexpected(block.error());
        if (block->isEmpty())
            return fail(ErrorCode::DataLoss, u"hash %1: it is shorter than its index says"_s.arg(m_log.path()));
        EVP_DigestUpdate(m_digest.get(), block->constData(), static_cast<size_t>(block->size()));
        m_hashed += block->size();
    }
    return {};
}

Result<QByteArray> LogFiles::sha256()
{
    if (auto hashed = hashUpTo(m_size); !hashed)
        return std::unexpected(hashed.error());
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> copy(EVP_MD_CTX_new()); // the log may still grow
    QByteArray digest(EVP_MAX_MD_SIZE, Qt::Uninitialized);
    unsigned int size = 0;
    EVP_MD_CTX_copy_ex(copy.get(), m_digest.get());
    EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char *>(digest.data()), &size);
    return digest.first(size).toHex();
}

} // namespace danube::logs
