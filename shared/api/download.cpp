// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/download.h"

#include <QDir>
#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::api {
namespace {

constexpr qint64 readSize = 1 << 20;
constexpr milliseconds tellEvery{100};
constexpr qint64 hashSize = 8 << 20; ///< of a part left behind, per turn of the event loop

/// Where a 206 begins, of "bytes 100-199/200"; -1 for anything else.
qint64 rangeStart(QByteArrayView header)
{
    if (!header.startsWith("bytes "))
        return -1;
    bool isNumber = false;
    const auto start = header.sliced(6).first(std::max<qsizetype>(header.sliced(6).indexOf('-'), 0));
    const qint64 value = start.toLongLong(&isNumber);
    return isNumber ? value : -1;
}

bool isWorthRetrying(const Error &error)
{
    return error.code == ErrorCode::Unavailable || error.code == ErrorCode::Timeout ||
           error.code == ErrorCode::Protocol || error.code == ErrorCode::ResourceExhausted ||
           error.code == ErrorCode::Internal;
}

} // namespace

Download::Download(ApiClient &client, Artifact artifact, QString target, QObject *parent)
    : Download(client, std::move(artifact), std::move(target), Settings(), parent)
{}

Download::Download(ApiClient &client, Artifact artifact, QString target, Settings settings, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_artifact(std::move(artifact)),
      m_target(std::move(target)),
      m_settings(settings),
      m_backoff(settings.backoffBase, settings.backoffCap)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Download::request);
    m_told.setSingleShot(true);
    connect(&m_told, &QTimer::timeout, this, &Download::tell);
}

Download::~Download()
{
    dropReply();
}

QString Download::partPath(const Artifact &artifact, const QString &target)
{
    return target + u'.' + QString::fromLatin1(artifact.sha256.first(std::min<qsizetype>(12, artifact.sha256.size()))) +
           u".part"_s;
}

void Download::start()
{
    QTimer::singleShot(0, this, [this] {
        if (auto opened = openPart(); !opened)
            return finish(std::unexpected(opened.error()));
        hashPart();
    });
}

Result<void> Download::openPart()
{
    if (QFile::exists(m_target))
        return fail(ErrorCode::AlreadyExists, u"download %1: '%2' exists"_s.arg(m_artifact.name, m_target));
    m_part.setFileName(partPath(m_artifact, m_target));
    if (!m_part.open(QIODevice::ReadWrite))
        return fail(ErrorCode::Io,
                    u"download %1: open '%2': %3"_s.arg(m_artifact.name, m_part.fileName(), m_part.errorString()));
    return {};
}

void Download::hashPart()
{
    const QByteArray bytes = m_part.read(hashSize);
    if (bytes.isEmpty() || m_received + bytes.size() > toInt(m_artifact.size)) {
        if (m_received + bytes.size() > toInt(m_artifact.size)) { // whatever this is, it is no part of the artifact
            m_part.resize(0);
            m_part.seek(0);
            m_hash = Sha256();
            m_received = 0;
        }
        return request();
    }
    m_hash.add(bytes);
    m_received += bytes.size();
    QTimer::singleShot(0, this, &Download::hashPart);
}

void Download::request()
{
    if (m_received == toInt(m_artifact.size))
        return complete();
    const Endpoint &endpoint = m_client.endpoint();
    QNetworkRequest request = endpoint.request(endpoint.url(protocol::RouteId::Artifact, {m_artifact.id.value()}));
    if (m_received > 0)
        request.setRawHeader("Range", "bytes=" + QByteArray::number(m_received) + '-');
    request.setTransferTimeout(m_settings.transferTimeout);
    m_accepted = m_progress = false;
    m_reply = m_client.network().get(request);
    m_reply->setReadBufferSize(4 * readSize);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Download::takeHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &Download::takeBytes);
    connect(m_reply, &QNetworkReply::finished, this, &Download::takeEnd);
}

void Download::takeHead()
{
    if (!m_reply || m_accepted)
        return;
    const int status = statusOf(*m_reply);
    if (status != 200 && status != 206)
        return;
    if (auto accepted = acceptHead(); !accepted)
        return finish(std::unexpected(accepted.error()));
    m_accepted = true;
}

Result<void> Download::acceptHead()
{
    if (statusOf(*m_reply) == 206) {
        if (rangeStart(m_reply->rawHeader("Content-Range")) == m_received)
            return {};
        return fail(ErrorCode::Protocol, u"download %1: answered another range than asked for"_s.arg(m_artifact.name));
    }
    if (m_received == 0)
        return {};
    // The server ignored the range: it sends everything again.
    if (!m_part.resize(0) || !m_part.seek(0))
        return fail(ErrorCode::Io, u"download %1: %2"_s.arg(m_artifact.name, m_part.errorString()));
    m_hash = Sha256();
    m_received = 0;
    return {};
}

void Download::takeBytes()
{
    while (m_reply && m_accepted && m_reply->bytesAvailable() > 0) {
        m_block.resize(readSize);
        const qint64 count = m_reply->read(m_block.data(), readSize);
        if (count <= 0)
            return;
        const auto bytes = QByteArrayView(m_block).first(count);
        if (m_received + count > toInt(m_artifact.size)) {
            m_part.remove();
            return finish(
                fail(ErrorCode::DataLoss,
                     u"download %1: more than its %2 bytes came"_s.arg(m_artifact.name).arg(toInt(m_artifact.size))));
        }
        if (m_part.write(bytes.data(), count) != count)
            return finish(fail(ErrorCode::Io, u"download %1: write '%2': %3"_s.arg(m_artifact.name, m_part.fileName(),
                                                                                   m_part.errorString())));
        m_hash.add(bytes);
        m_received += count;
        m_progress = true;
        if (!m_told.isActive())
            tell();
    }
}

// Bytes come in thousands of pieces a second, and each telling is a row painted anew.
void Download::tell()
{
    if (m_toldOf == m_received)
        return;
    m_toldOf = m_received;
    m_told.start(tellEvery);
    emit progressed(m_received, toInt(m_artifact.size));
}

void Download::takeEnd()
{
    takeBytes();
    if (!m_reply || m_finished)
        return;
    if (m_accepted && m_received == toInt(m_artifact.size))
        return complete();
    const Error error = errorOfReply(*m_reply, m_accepted ? QByteArray() : m_reply->readAll());
    if (m_accepted || isWorthRetrying(error))
        return retryAfter(error);
    finish(std::unexpected(error.in(u"download %1"_s.arg(m_artifact.name))));
}

void Download::retryAfter(const Error &error)
{
    const milliseconds atLeast = retryAfterOf(*m_reply, m_settings.backoffCap);
    dropReply();
    if (m_progress)
        m_backoff.reset();
    if (m_backoff.attempt() + 1 >= m_settings.attempts)
        return finish(std::unexpected(error.in(u"download %1"_s.arg(m_artifact.name))));
    m_retry.start(std::max(atLeast, m_backoff.next()));
}

void Download::complete()
{
    dropReply();
    if (!m_part.flush())
        return finish(fail(ErrorCode::Io, u"download %1: write '%2': %3"_s.arg(m_artifact.name, m_part.fileName(),
                                                                               m_part.errorString())));
    m_part.close();
    if (m_hash.finishHex() != m_artifact.sha256) {
        m_part.remove();
        return finish(fail(ErrorCode::DataLoss,
                           u"download %1: the digest is wrong; what came was deleted"_s.arg(m_artifact.name)));
    }
    if (!m_part.rename(m_target))
        return finish(fail(ErrorCode::Io,
                           u"download %1: rename to '%2': %3"_s.arg(m_artifact.name, m_target, m_part.errorString())));
    finish({});
}

void Download::finish(Result<void> result)
{
    dropReply();
    m_retry.stop();
    m_part.close();
    if (result)
        tell();
    m_told.stop();
    if (!std::exchange(m_finished, true))
        emit finished(std::move(result));
}

void Download::dropReply()
{
    if (!m_reply)
        return;
    QNetworkReply *reply = m_reply;
    m_reply = nullptr;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

} // namespace danube::api
