// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/rpcclient.h"
#include "shared/core/filedescriptor.h"
#include "shared/core/id.h"

namespace danube::coordinator {

/// A file of the workspace that is to be uploaded, opened without following anything.
struct ArtifactFile
{
    FileDescriptor file;
    QString name;
    qint64 size = 0;
    QByteArray sha256; ///< hex
};

/// The path relative to the workspace of what a script called `path` (relative, or absolute below the workspace).
Result<QString> insideWorkspace(const QString &path, const QString &workspace);
/// Opens a regular file beneath the workspace; a directory, link, pipe or way out is refused in one sentence. `name`
/// empty = the file's own. The digest is still empty.
Result<ArtifactFile> openArtifact(const QString &workspace, const QString &path, const QString &name);
/// SHA-256 of the whole file as hex; blocks.
Result<QByteArray> digestOf(int fd);

/// One upload: ask whether so much is taken → digest → ask how much is there → send the rest; after a break ask again.
/// Lives until it called back.
class ArtifactUpload : public QObject
{
    Q_OBJECT
public:
    using Done = RpcClient::Done;

    ArtifactUpload(RpcClient &client, const JobId &job, ArtifactFile file, QObject *parent);
    void start(Done done);

private:
    QByteArray query(const QByteArray &more) const;
    QByteArray target() const; ///< path with what is known before the digest
    void askRoom();
    void takeDigest();
    void askOffset();
    void send(qint64 offset);
    void sent(Result<HttpAnswer> answer);
    void end(Result<QJsonObject> result);

    RpcClient &m_client;
    JobId m_job;
    std::shared_ptr<ArtifactFile> m_file; ///< also held by the body that is being read
    std::shared_ptr<bool> m_changed;      ///< the file got shorter while it was read
    Backoff m_backoff;
    Done m_done;
};

} // namespace danube::coordinator
