// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/layout.h"

#include "server/artifacts/digest.h"

#include <QDirIterator>

using namespace Qt::StringLiterals;

namespace danube::artifacts {

QString jobDirectory(const QString &root, const JobId &job)
{
    return root + u'/' + job.value();
}

QString partialDirectory(const QString &root, const JobId &job)
{
    return jobDirectory(root, job) + u"/partial"_s;
}

QString partialPath(const QString &root, const UploadKey &key)
{
    Digest digest;
    digest.add(key.name.toUtf8() + '\0' + key.sha256);
    return partialDirectory(root, key.job) + u'/' + QString::fromLatin1(digest.finish());
}

QString artifactPath(const QString &root, const Artifact &artifact)
{
    return jobDirectory(root, artifact.job) + u'/' + artifact.id.value();
}

Usage usageOf(const QString &root, const JobId &job)
{
    Usage usage;
    QDirIterator files(jobDirectory(root, job), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        usage.bytes += files.nextFileInfo().size();
        ++usage.files;
    }
    return usage;
}

} // namespace danube::artifacts
