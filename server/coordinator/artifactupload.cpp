// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/artifactupload.h"

#include "server/coordinator/background.h"
#include "server/coordinator/openbeneath.h"
#include "shared/core/jsonreader.h"

#include <QDir>
#include <QFile>
#include <QUrl>

#include <openssl/evp.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

constexpr qsizetype readBytes = 1 << 20;

std::unexpected<Error> refuse(const QString &path, const QString &why)
{
    return fail(ErrorCode::InvalidArgument, u"artifact '%1': %2"_s.arg(path.left(200), why));
}

/// The master has another number of bytes than we were told: its side of a broken connection was still writing.
bool isOtherOffset(const Result<HttpAnswer> &answer)
{
    if (!answer || answer->status != 409)
        return false;
    const auto problem = parseJsonObject(answer->body);
    return problem && problem->contains("size_bytes"_L1);
}

} // namespace

Result<QString> insideWorkspace(const QString &path, const QString &workspace)
{
    if (path.isEmpty() || path.contains(QChar(0)))
        return refuse(path, u"expected the path of a file"_s);
    auto clean = QDir::cleanPath(path);
    if (clean.startsWith(workspace + u'/'))
        clean = clean.mid(workspace.size() + 1);
    if (clean.startsWith(u'/') || clean == ".."_L1 || clean.startsWith("../"_L1))
        return refuse(path, u"lies outside the workspace %1"_s.arg(workspace));
    return clean;
}

Result<ArtifactFile> openArtifact(const QString &workspace, const QString &path, const QString &name)
{
    const auto relative = insideWorkspace(path, workspace);
    if (!relative)
        return std::unexpected(relative.error());
    const auto root = openDirectory(workspace);
    if (!root)
        return std::unexpected(root.error());
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    auto file = openBeneath(root->get(), QFile::encodeName(*relative), O_RDONLY | O_NONBLOCK);
    if (!file)
        return std::unexpected(file.error().in(u"open artifact"_s));
    struct stat info{};
    if (::fstat(file->get(), &info) != 0)
        return failErrno(u"read artifact "_s + path, errno);
    if (S_ISDIR(info.st_mode))
        return refuse(path, u"is a directory; pack it into one file first, for example with tar -czf"_s);
    if (!S_ISREG(info.st_mode))
        return refuse(path, u"is not a regular file"_s);
    return ArtifactFile{std::move(*file), name.isEmpty() ? relative->section(u'/', -1) : name, info.st_size, {}};
}

Result<QByteArray> digestOf(int fd)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
        return fail(ErrorCode::Internal, u"SHA-256 is not available"_s);
    QByteArray buffer(readBytes, Qt::Uninitialized);
    for (off_t offset = 0;;) {
        const auto count = ::pread(fd, buffer.data(), static_cast<size_t>(buffer.size()), offset);
        if (count < 0)
            return failErrno(u"read artifact"_s, errno);
        if (count == 0)
            break;
        EVP_DigestUpdate(context.get(), buffer.constData(), static_cast<size_t>(count));
        offset += count;
    }
    QByteArray digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int length = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char *>(digest.data()), &length);
    return digest.left(length).toHex();
}

ArtifactUpload::ArtifactUpload(RpcClient &client, const JobId &job, ArtifactFile file, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_job(job),
      m_file(std::make_shared<ArtifactFile>(std::move(file))),
      m_changed(std::make_shared<bool>(false)),
      m_backoff(client.newBackoff())
{}

void ArtifactUpload::start(Done done)
{
    m_done = std::move(done);
    askRoom();
}

// A digest of what will never be taken can cost hours: a sparse file may have any size.
void ArtifactUpload::askRoom()
{
    m_client.get(target() + "&total_bytes=" + QByteArray::number(m_file->size), this,
                 [this](Result<QJsonObject> answer) { answer ? takeDigest() : end(std::move(answer)); });
}

void ArtifactUpload::takeDigest()
{
    runAside<Result<QByteArray>>([file = m_file] { return digestOf(file->file.get()); }, this,
                                 [this](Result<QByteArray> digest) {
                                     if (!digest)
                                         return end(std::unexpected(digest.error()));
                                     m_file->sha256 = *digest;
                                     askOffset();
                                 });
}

QByteArray ArtifactUpload::target() const
{
    return "/rpc/upload-artifact?job_id=" + QUrl::toPercentEncoding(m_job.value()) +
           "&name=" + QUrl::toPercentEncoding(m_file->name);
}

QByteArray ArtifactUpload::query(const QByteArray &more) const
{
    return target() + "&sha256=" + m_file->sha256 + more;
}

void ArtifactUpload::askOffset()
{
    m_client.get(query({}), this, [this](Result<QJsonObject> answer) {
        if (!answer)
            return end(std::move(answer));
        JsonReader reader(*answer);
        const auto offset = reader.integer("size_bytes"_L1, 0, m_file->size);
        if (auto read = reader.finish(UnknownFields::Ignore); !read)
            return end(std::unexpected(read.error().in(u"upload %1"_s.arg(m_file->name))));
        send(offset.value_or(0));
    });
}

void ArtifactUpload::send(qint64 offset)
{
    HttpRequest request;
    request.path = query("&offset=" + QByteArray::number(offset));
    request.contentType = "application/octet-stream";
    request.sourceLength = m_file->size - offset;
    request.source = [file = m_file, changed = m_changed, offset](std::span<char> target) mutable -> qint64 {
        const auto want = std::min<qint64>(std::ssize(target), file->size - offset);
        const auto count = want == 0 ? 0 : ::pread(file->file.get(), target.data(), static_cast<size_t>(want), offset);
        *changed = *changed || (count <= 0 && want > 0);
        offset += std::max<ssize_t>(count, 0);
        return *changed ? -1 : count;
    };
    m_client.attempt(std::move(request), this, [this](Result<HttpAnswer> answer) { sent(std::move(answer)); });
}

void ArtifactUpload::sent(Result<HttpAnswer> answer)
{
    if (*m_changed)
        return end(fail(ErrorCode::Conflict, u"upload %1: the file changed meanwhile"_s.arg(m_file->name)));
    const auto verdict = judge(answer);
    if (verdict == Verdict::Done)
        return end(parseJsonObject(answer->body));
    if (verdict == Verdict::Final && !isOtherOffset(answer))
        return end(std::unexpected(errorOfFinal(answer)));
    QTimer::singleShot(waitAfter(answer, m_backoff), this, [this] { askOffset(); });
}

void ArtifactUpload::end(Result<QJsonObject> result)
{
    deleteLater();
    m_done(std::move(result));
}

} // namespace danube::coordinator
