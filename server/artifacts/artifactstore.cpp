// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/artifactstore.h"

#include "server/artifacts/artifactwriter.h"
#include "server/artifacts/layout.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace danube::artifacts {
namespace {

// Wraps an answer so that it runs where it was asked for.
template <class T> ArtifactStore::Done<T> deliver(const Mailbox &home, ArtifactStore::Done<T> done)
{
    return [home, done = std::move(done)](UploadResult<T> result) mutable {
        home.post([done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
    };
}

} // namespace

Result<std::unique_ptr<ArtifactStore>> ArtifactStore::open(ArtifactSettings settings, store::ArtifactTable &table,
                                                           const Clock &clock)
{
    constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;
    const QDir root;
    if (!QFileInfo(settings.directory).isDir() &&
        !(root.mkpath(settings.directory) && QFile::setPermissions(settings.directory, ownerOnly)))
        return fail(ErrorCode::Io, u"make artifact directory %1"_s.arg(settings.directory));
    if (!QFileInfo(settings.directory).isWritable())
        return fail(ErrorCode::Io, u"artifact directory %1 is not writable"_s.arg(settings.directory));
    return std::unique_ptr<ArtifactStore>(new ArtifactStore(std::move(settings), table, clock));
}

ArtifactStore::ArtifactStore(ArtifactSettings settings, store::ArtifactTable &table, const Clock &clock)
    : m_settings(std::move(settings)),
      m_table(table),
      m_writer(new ArtifactWriter(m_settings, table, clock)),
      m_toWriter(m_writer)
{
    m_thread.setObjectName(u"artifacts"_s);
    m_writer->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    m_thread.start();
    m_toWriter.post([writer = m_writer] { writer->startSweeping(); });
}

ArtifactStore::~ArtifactStore()
{
    m_thread.quit();
    m_thread.wait();
}

void ArtifactStore::query(UploadKey key, const Mailbox &home, Done<ByteCount> done)
{
    m_toWriter.post([writer = m_writer, key = std::move(key), done = deliver(home, std::move(done))]() mutable {
        done(writer->query(key));
    });
}

void ArtifactStore::begin(UploadKey key, ByteCount offset, const Mailbox &home, Done<UploadStart> done)
{
    m_toWriter.post([writer = m_writer, key = std::move(key), offset, done = deliver(home, std::move(done))]() mutable {
        writer->begin(std::move(key), offset, std::move(done));
    });
}

void ArtifactStore::append(UploadId upload, QByteArray bytes, const Mailbox &home, Done<void> done)
{
    m_toWriter.post([writer = m_writer, upload, bytes = std::move(bytes),
                     done = deliver(home, std::move(done))]() mutable { done(writer->append(upload, bytes)); });
}

void ArtifactStore::finish(UploadId upload, const Mailbox &home, Done<Artifact> done)
{
    m_toWriter.post([writer = m_writer, upload, done = deliver(home, std::move(done))]() mutable {
        writer->finish(upload, std::move(done));
    });
}

void ArtifactStore::abandon(UploadId upload)
{
    m_toWriter.post([writer = m_writer, upload] { writer->abandon(upload); });
}

void ArtifactStore::removeFile(Artifact artifact)
{
    m_toWriter.post([writer = m_writer, artifact = std::move(artifact)] { writer->removeFile(artifact); });
}

Result<StoredArtifact> ArtifactStore::open(const ArtifactId &id) const
{
    auto artifact = m_table.artifact(id);
    if (!artifact)
        return std::unexpected(artifact.error());
    const QString path = artifactPath(m_settings.directory, *artifact);
    const QFileInfo file(path);
    if (!file.isFile() || file.size() != toInt(artifact->size))
        return fail(ErrorCode::DataLoss, u"artifact %1: its file %2 is not whole"_s.arg(id.value(), path));
    return StoredArtifact{std::move(*artifact), path};
}

} // namespace danube::artifacts
